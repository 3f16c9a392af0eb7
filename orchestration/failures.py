"""How what went wrong reaches the person who runs an edition: a sentence for what they can mend, a retry for what passes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
from dagster._core.errors import DagsterUserCodeProcessError
from dagster_shared.error import SerializableErrorInfo
from sqlalchemy.exc import DBAPIError

from frameworks import FrameworkError
from publication import PublicationRefused
from sources import LakeNotCurrent

RETRIES = 2
SECONDS_BETWEEN = 3


class Told(dg.Failure, DagsterUserCodeProcessError):
    """A failure that no retry mends, of which the description is all that there is to say.

    Dagster shows a failure of this second kind by the words that it brings, without a trace of Dagster's own code below them.
    """

    def __init__(self, description: str) -> None:
        Exception.__init__(self, description)
        self.description, self.metadata, self.allow_retries = description, {}, False
        self.user_code_process_error_infos = [SerializableErrorInfo(f"{description}\n", [], dg.Failure.__name__)]


def failure(description: str) -> dg.Failure:
    """A failure that no retry mends, told in `description`."""
    return Told(description)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what a user can cause into sentences, and what a disk or a network folder can cause into a retry.

    Anything else is our bug and keeps its trace.
    """
    try:
        yield
    except FrameworkError as error:
        raise failure("\n".join(str(mistake) for mistake in error.mistakes)) from None
    except (LakeNotCurrent, PublicationRefused) as error:
        raise failure(str(error)) from None
    except OSError as error:
        if dg.OpExecutionContext.get().retry_number >= RETRIES:
            raise failure(refused(error)) from None
        raise dg.RetryRequested(max_retries=RETRIES, seconds_to_wait=SECONDS_BETWEEN) from error


def refused(error: OSError | DBAPIError) -> str:
    """What a disk or a network folder refused, where, and what to do, in one sentence."""
    if isinstance(error, DBAPIError):
        where, why = "the history that the UI shows: ", str(error.orig)
    else:
        where, why = (f"{error.filename}: " if error.filename else ""), error.strerror or str(error)
    return f"{where}the disk or folder refuses what the run asks of it ({why}); free space or give access, and start the run again."
