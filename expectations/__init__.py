"""Gates: what must hold before scoring, ranking and publishing. They judge and change nothing.

Importing this is cheap; Great Expectations is loaded when a gate runs, or `prepare` says so.
"""

from expectations.gate import RULES, prepare, run_gate
from expectations.report import ROW_COLUMNS, Finding, GateReport

__all__ = ["ROW_COLUMNS", "RULES", "Finding", "GateReport", "prepare", "run_gate"]
