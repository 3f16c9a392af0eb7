"""The gates' verdicts, read once more at the door of `published/`: no road leads round a gate, whoever calls `publish`."""

from __future__ import annotations

import polars as pl

from frameworks import Framework
from publication.errors import PublicationRefused
from storage import GATES, Gate, Workspace, judged

_RESULT = ("gate", "expectation", "label_zh", "label_en", "severity", "observed", "threshold", "outcome", "waived_by", "reason")
_GOOD = ("passed", "waived", "not_applicable")


def passed_gates(workspace: Workspace, framework: Framework) -> pl.DataFrame:
    """All gates' results, a row an expectation, in the order of the gates; PublicationRefused unless this data may be published.

    It may where each gate was run, judged every expectation that the framework names, judged the very data that lie there now, and
    failed nothing of severity error.
    """
    edition = framework.file.edition
    frames, faults = list[pl.DataFrame](), list[str]()
    for gate in GATES:
        path = workspace.stage(edition) / "gates" / f"{gate}.parquet"
        if not path.exists():
            faults.append(f"gate {gate} was not run")
            continue
        frame = pl.read_parquet(path)
        if frame.is_empty():
            faults.append(f"gate {gate} judged nothing")
        frames.append(frame.select(_RESULT).sort("expectation"))
        if pl.read_parquet_metadata(path).get("judged") != judged(workspace, edition, gate):
            faults.append(f"gate {gate} judged other data than lie there now")
        faults += _faults(gate, frame, set(getattr(framework.file.gates, gate)))
    if faults:
        raise PublicationRefused(f"{edition}: not published, because {'; '.join(faults)}; mend what is named and run the edition again.")
    return pl.concat(frames)


def _faults(gate: Gate, frame: pl.DataFrame, named: set[str]) -> list[str]:
    unjudged = sorted(named - set(frame["expectation"].to_list()))
    failed = frame.filter(~pl.col("outcome").is_in(_GOOD).fill_null(value=False) & (pl.col("severity") != "warning").fill_null(value=True))
    faults = [f"gate {gate} did not judge {', '.join(unjudged)}"] if unjudged else []
    if not failed.is_empty():
        faults.append(f"gate {gate} failed ({', '.join(sorted(failed['expectation'].to_list()))})")
    return faults
