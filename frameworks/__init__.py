"""An edition's rules: the classes, the loader with its checks, the safe expressions, and the rules as tables for dbt."""
