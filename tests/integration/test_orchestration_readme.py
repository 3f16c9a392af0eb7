"""What the README and the manual say can be done: every command, link, job and query in them is there."""

import re
from pathlib import Path

import duckdb
import pytest

from storage import Workspace
from storage.workspace import PROJECT
from tests.worked.deliveries import EDITION

PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {(page.name, target) for page in PAGES for target in re.findall(r"\bmake (?:-s )?([a-z-]+)\b(?=[ `\n,.)]|$)", commands(page))}
    assert {("README.md", "demo"), ("README.md", "ui")} <= named
    assert {entry for entry in named if entry[1] not in targets} == set()


def commands(page: Path) -> str:
    """What stands in code: between backquotes, or indented."""
    text = page.read_text(encoding="utf-8")
    return "\n".join([*re.findall(r"`([^`\n]+)`", text), *(line.split("#")[0] for line in text.splitlines() if line.startswith("    "))])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_job_that_is_named_exists() -> None:
    from orchestration.jobs import JOBS

    named = set(re.findall(r"-j ([a-z_]+)", "\n".join(page.read_text(encoding="utf-8") for page in PAGES)))
    assert named
    assert named <= {job.name for job in JOBS}


@pytest.mark.slow
@pytest.mark.xdist_group("worked")
def test_the_query_of_the_readme_runs(worked: Workspace) -> None:
    """Slow: the edition worked by hand is run once for all tests that read it."""
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"\.sql\('''(.+?)'''\)", text, re.DOTALL)
    assert found
    query = found.group(1).replace("jiangsu-2020", EDITION)
    with duckdb.connect(str(worked.current), read_only=True) as database:
        rows = database.execute(query).fetchall()
    assert [row[2] for row in rows] == sorted(row[2] for row in rows)
    assert len(rows) > 1
