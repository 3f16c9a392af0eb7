"""The UI as a person opens it: the webserver on loopback over a finished edition, and a browser, where there is one."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from storage import Workspace
from storage.workspace import PROJECT

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PATIENCE = 180


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no browser is on the path (chromium or google-chrome); .ci/run installs one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def webserver(workspace: Workspace) -> Iterator[str]:
    """Its address, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "ZHENGXIN_DATA": str(workspace.data),
        "ZHENGXIN_FRAMEWORKS": str(workspace.frameworks),
        "ZHENGXIN_STATE": str(workspace.data / "dagster"),
        "DAGSTER_HOME": str(PROJECT),
    }
    program = Path(sys.executable).with_name("dagster-webserver")
    command = [str(program), "-h", "127.0.0.1", "-p", str(port), "-m", "orchestration.definitions"]
    address = f"http://127.0.0.1:{port}"
    with (workspace.data / "webserver.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(address, process)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/server_info", timeout=5):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.5)
    raise AssertionError(f"the webserver did not answer at {address}")
