"""How what went wrong reaches the person who runs an edition: a sentence for what they can mend, a retry for what passes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from frameworks import FrameworkError
from publication import PublicationRefused
from sources import LakeNotCurrent

RETRIES = 2
SECONDS_BETWEEN = 3


def failure(description: str) -> dg.Failure:
    """A failure that no retry mends, told in `description`."""
    return dg.Failure(description=description, allow_retries=False)


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
        raise dg.RetryRequested(max_retries=RETRIES, seconds_to_wait=SECONDS_BETWEEN) from error
