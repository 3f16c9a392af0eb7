"""Statistics on scores: how sure a rank is, what corrections moved. Scores themselves are computed in dbt alone."""

from analysis.rank_interval import write_rank_interval
from analysis.replay import Step, replica
from analysis.scenarios import write_scenarios

__all__ = ["Step", "replica", "write_rank_interval", "write_scenarios"]
