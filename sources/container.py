"""What a workbook's ZIP container must keep to before anything in it is unpacked or parsed. Nothing is ever unpacked to a path.

A container says how large each part is, and zipfile gives out no more than that: so the sizes can be judged from its list alone. What
gets past here and still costs too much ends at the limits of the guarded process.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator

from sources.batch import UnreadableDelivery, rejected

_MB = 1024 * 1024
LARGEST_MB = 32
# Pictures and the like beside the sheets: never parsed, but read where one of them turns out to be XML under another name.
LARGEST_BESIDE_MB = 256
MOST_PARTS = 10_000
# The emptiest sheets that programs write shrink to a fiftieth; Deflate can do a thousandth.
MOST_SHRUNK = 200
_ENDINGS = (".xml", ".rels", ".vml")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_HEAD = 64
_XML_HEAD = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<")
_ENTITIES = (b"<!DOCTYPE", b"<!ENTITY")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")
_ENCODINGS = (b"utf-8", b"utf-16", b"us-ascii", b"ascii")


def xml_parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """All parts that are XML, whatever they are called. Raises UnreadableDelivery where the container or one of them cannot be trusted."""
    _refuse_by_list(archive)
    parts = {info.filename: archive.read(info) for info in _xml(archive)}
    for name, part in parts.items():
        _refuse_entities(name, part)
    return parts


def _refuse_by_list(archive: zipfile.ZipFile) -> None:
    """Refuse by what the container says of its parts: their number, names, sizes, and how far they are shrunk."""
    infos = archive.infolist()
    if len(infos) > MOST_PARTS:
        raise _damaged(f"{len(infos)} parts")
    # Programs do not agree on which of two counts, so that one person would see another figure than we read.
    if twice := [name for name, number in Counter(info.filename.casefold() for info in infos).items() if number > 1]:
        raise _damaged(f"{twice[0]} is there twice")
    if any(info.compress_type not in _METHODS for info in infos):
        raise _damaged("another compression than Deflate")
    xml = sum(info.file_size for info in infos if info.filename.endswith(_ENDINGS))
    for size, limit in ((xml, LARGEST_MB), (sum(info.file_size for info in infos), LARGEST_BESIDE_MB)):
        if size > limit * _MB:
            raise UnreadableDelivery(rejected("too_large", limit=limit))
    if any(info.file_size > max(_MB, MOST_SHRUNK * info.compress_size) for info in infos):
        raise UnreadableDelivery(rejected("too_shrunk", limit=MOST_SHRUNK))


def _xml(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """The parts that are XML by their name or by how they begin: a reader goes by what the container lists them as."""
    for info in archive.infolist():
        if info.filename.endswith(_ENDINGS):
            yield info
        elif not info.is_dir():
            with archive.open(info) as part:
                if _XML_HEAD.match(part.read(_HEAD)):
                    yield info


def _refuse_entities(name: str, part: bytes) -> None:
    """Refuse entities and references to other files, which no workbook has, and encodings in which they could hide."""
    stated = _ENCODING.match(part.lstrip(b"\xef\xbb\xbf \r\n\t"))
    if stated and stated[1].lower() not in _ENCODINGS:
        raise _damaged(f"{name} in the encoding {stated[1].decode('ascii', 'replace')[:20]}")
    text = part.replace(b"\0", b"") if b"\0" in part else part  # UTF-16 as if it were ASCII
    if any(mark in text for mark in _ENTITIES):
        raise _damaged("XML with entities")


def _damaged(fault: str) -> UnreadableDelivery:
    return UnreadableDelivery(rejected("damaged_workbook", fault=fault))
