"""Reading a file that lies beside the framework file and is named in it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from frameworks.document import Loc
from frameworks.validation import Validated


@dataclass
class Reader:
    """Reads files of the framework's folder; `digests`: a SHA-256 of each file's bytes, by its name."""

    validated: Validated
    folder: Path
    digests: dict[str, str] = field(default_factory=dict)

    def read(self, loc: Loc, name: str | None) -> tuple[bytes, str] | None:
        """The file's bytes and its name for messages; None, and a mistake, where it may not be read or is not there."""
        if name is None:
            return None
        problem = self._problem(name)
        if problem:
            self.validated.add(loc, f"{name} {problem}")
            return None
        content = (self.folder / name).read_bytes()
        self.digests[name] = hashlib.sha256(content).hexdigest()
        return content, str(PurePosixPath(self.validated.document.file).parent / name)

    def _problem(self, name: str) -> str | None:
        if ".." in PurePosixPath(name).parts:
            return "leads out of the folder of the framework file; put the file there, and name it without “..”."
        path = self.folder
        for part in PurePosixPath(name).parts:
            path = path / part
            if path.is_symlink():
                return "is a link; put the file itself beside the framework file."
        if not path.is_file():
            return "is not there; put it beside the framework file, or correct the name."
        return None
