"""Dagster's definitions and the command line. No arithmetic: each asset calls one function of a room."""

from orchestration import environment

environment.settle()
