"""Made-up deliveries of a year, from a seed: for the demo, and for tests that want real sizes. Nothing in them is true."""

from examples.make import DEFAULT_SEED, Summary, make_deliveries
from examples.quantities import NotDescribed

__all__ = ["DEFAULT_SEED", "NotDescribed", "Summary", "make_deliveries"]
