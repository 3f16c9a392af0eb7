from collections.abc import Callable

import dagster as dg
import pytest

from frameworks import FrameworkError, Mistake
from orchestration.dbt import _without_trace
from orchestration.failures import told_plainly
from publication import PublicationRefused
from sources import LakeNotCurrent


@pytest.mark.parametrize("refusal", [PublicationRefused("not published, because …"), LakeNotCurrent("read it again")])
def test_what_a_room_refuses_is_its_sentence_and_is_not_tried_again(refusal: Exception) -> None:
    with pytest.raises(dg.Failure) as raised, told_plainly():
        raise refusal
    assert raised.value.description == str(refusal)
    assert not raised.value.allow_retries


def test_every_mistake_of_a_framework_is_a_line() -> None:
    mistakes = [Mistake("f.yaml", 9, "inputs", "is empty; add one."), Mistake("f.yaml", 3, "scale", "is no number; give one.")]
    with pytest.raises(dg.Failure) as raised, told_plainly():
        raise FrameworkError(mistakes)
    assert raised.value.description == "f.yaml:3 scale: is no number; give one.\nf.yaml:9 inputs: is empty; add one."


def test_our_own_fault_keeps_its_trace() -> None:
    with pytest.raises(ZeroDivisionError), told_plainly():
        raise ZeroDivisionError


@pytest.mark.parametrize(("failures", "success"), [(2, True), (3, False)])
def test_a_step_is_tried_twice_more_in_the_process_of_its_run(monkeypatch: pytest.MonkeyPatch, failures: int, *, success: bool) -> None:
    monkeypatch.setattr("orchestration.failures.SECONDS_BETWEEN", 0)
    tries: list[int] = []

    def read() -> None:
        tries.append(1)
        if len(tries) <= failures:
            raise OSError(28, "No space left on device", "/data/lake/x.parquet")

    outcome = run(read)
    assert outcome.success is success
    assert len(tries) == 3
    if not success:
        (failed,) = [event.step_failure_data for event in outcome.all_events if event.is_step_failure]
        assert failed.user_failure_data is not None
        assert failed.user_failure_data.description == (
            "/data/lake/x.parquet: the disk or folder refuses what the run asks of it (No space left on device); "
            "free space or give access, and start the run again."
        )


def test_a_sentence_reaches_the_page_of_the_run_without_a_trace() -> None:
    def refuse() -> None:
        raise PublicationRefused("not published, because …")

    (failed,) = [event.step_failure_data for event in run(refuse).all_events if event.is_step_failure]
    assert failed.error is not None
    assert (failed.error.message, failed.error.stack, failed.error.cause) == ("not published, because …\n", [], None)


def run(work: Callable[[], None]) -> dg.ExecuteInProcessResult:
    """A job of one step that does `work` as every step of ours does."""

    @dg.op
    def step() -> None:
        with told_plainly():
            work()

    @dg.job(executor_def=dg.in_process_executor)
    def working() -> None:
        step()

    return working.execute_in_process(raise_on_error=False)


def test_what_dbt_says_of_a_broken_project_is_told_without_its_trace() -> None:
    trace = 'Traceback (most recent call last):\n  File "x.py", line 1, in f\n    g()\nOSError: [Errno 27] File too large\n'
    said = f"Encountered an error:\n{trace}"
    assert _without_trace(said) == "Encountered an error:\nOSError: [Errno 27] File too large"
    assert _without_trace("Compilation Error\n  no such macro") == "Compilation Error\n  no such macro"
