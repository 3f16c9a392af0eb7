import dagster as dg
import pytest

from frameworks import FrameworkError, Mistake
from orchestration.failures import told_plainly
from publication import PublicationRefused
from sources import LakeNotCurrent


def test_what_a_disk_refuses_is_tried_again() -> None:
    with pytest.raises(dg.RetryRequested) as raised, told_plainly():
        raise OSError("the share is away")
    assert raised.value.max_retries == 2
    assert raised.value.seconds_to_wait


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

    @dg.op
    def read() -> None:
        tries.append(1)
        with told_plainly():
            if len(tries) <= failures:
                raise OSError("the share is away")

    @dg.job(executor_def=dg.in_process_executor)
    def reading() -> None:
        read()

    assert reading.execute_in_process(raise_on_error=False).success is success
    assert len(tries) == 3
