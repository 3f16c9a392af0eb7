"""Why a publication did not happen, in words for the data team."""

from __future__ import annotations


class PublicationRefused(Exception):
    """Nothing was published; the message is one sentence that says why, where, and what to do."""
