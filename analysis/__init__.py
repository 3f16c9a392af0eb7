"""Statistics on scores: how sure a rank is. Scores themselves are computed in dbt alone."""

from analysis.rank_interval import write_rank_interval

__all__ = ["write_rank_interval"]
