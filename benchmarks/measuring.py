"""What the benchmarks share: what a process spent, the machine that it ran on, and the place of the figures in benchmarks/README.md."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

README = Path(__file__).with_name("README.md")


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, and seconds of processor of the process and its children; the second is what a busy machine leaves true.

    `peak`: the most memory that the process held, in MB; 0 where nobody asked.
    """

    wall: float
    cpu: float
    peak: float = 0.0


def spend(command: list[str], folder: Path, environment: dict[str, str]) -> Spent:
    """Run a command to its end. Exits with what it said where it fails."""
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        wall, process.returncode = time.perf_counter() - began, os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{said.read().decode(errors='replace')[-6000:]}")
    return Spent(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def median(values: list[Spent]) -> Spent:
    """The middle of each."""
    return Spent(
        statistics.median(value.wall for value in values),
        statistics.median(value.cpu for value in values),
        statistics.median(value.peak for value in values),
    )


def machine() -> str:
    """Cores, processor and system."""
    names = [line.partition(":")[2].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")]
    return f"{os.cpu_count()} cores ({names[0] if names else platform.processor() or platform.machine()}), {platform.system()}"


def versions(packages: Iterable[str]) -> str:
    """Python and packages with their versions, as a sentence."""
    return f"Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in packages) + "."


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def write_readme(part: str, measured: str) -> None:
    """Put what was measured between the two marks of a part of benchmarks/README.md."""
    start, end = f"<!-- {part}: start -->", f"<!-- {part}: end -->"
    before, rest = README.read_text(encoding="utf-8").split(start)
    README.write_text(f"{before}{start}\n\n{measured}\n\n{end}{rest.split(end)[1]}", encoding="utf-8")
