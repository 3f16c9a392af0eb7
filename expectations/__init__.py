"""Gates: what must hold before scoring, ranking and publishing. They judge and change nothing.

Importing this is cheap; Great Expectations is in a process of its own, started when a gate runs, or when `prepare` says so.
"""

from expectations.gate import RULES, prepare, run_gate
from expectations.report import ROW_COLUMNS, Finding, GateReport

__all__ = ["ROW_COLUMNS", "RULES", "Finding", "GateReport", "prepare", "run_gate"]
