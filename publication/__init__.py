"""From a warehouse that three gates have passed to an immutable release, and to the one database that BI reads."""

from publication.errors import PublicationRefused
from publication.identity import release_id
from publication.previous import previous_inputs, stage_previous
from publication.release import Publication, publish
from publication.releases import Release, latest_release

__all__ = ["Publication", "PublicationRefused", "Release", "latest_release", "previous_inputs", "publish", "release_id", "stage_previous"]
