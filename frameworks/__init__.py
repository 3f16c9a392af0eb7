"""An edition's rules: the classes, the loader with its checks, the safe expressions, and the rules as tables for dbt."""

from frameworks.expectations import EXPECTATIONS
from frameworks.loader import Framework, load_framework, read_framework
from frameworks.mistakes import FrameworkError, Mistake
from frameworks.registry import Alias, Calendar, Entity, Registry, Zone
from frameworks.schemas import SCHEMAS
from frameworks.tables import write_tables

__all__ = [
    "EXPECTATIONS",
    "SCHEMAS",
    "Alias",
    "Calendar",
    "Entity",
    "Framework",
    "FrameworkError",
    "Mistake",
    "Registry",
    "Zone",
    "load_framework",
    "read_framework",
    "write_tables",
]
