"""The error tree. Every message names the file, page, row or field, and the next step.

```
AnnexscanError          exit code 3: cannot run
├── UsageError          exit code 2: wrong usage, or no such path
├── InputError          recorded in errors.jsonl; the run goes on (exit code 1)
├── BundleError         exit code 3: bundle missing, altered or of another schema
├── LawError            exit code 3: law pack cannot be trusted
├── RecipeError         exit code 2: a recipe has an unknown key or a bad value
├── CorpusError         exit code 4: a corpus, lexicon or concept file breaks its rules
└── MissingExtraError   exit code 3: an optional dependency is not installed
```
"""

from typing import Any


class AnnexscanError(Exception):
    """Any failure that annexscan explains to its user.

    Attributes:
        exit_code: What the command line returns when this error ends the run.
    """

    exit_code = 3


class UsageError(AnnexscanError):
    """The command cannot be understood, or a path does not exist."""

    exit_code = 2


class InputError(AnnexscanError):
    """One input, page or row cannot be read; the rest still can.

    Args:
        message: What is wrong, in one sentence.
        path: The input file.
        where: Page, row, line or record within the file, e.g. ``"line 7"``; empty for the whole file.
        remedy: What the user can do about it.
    """

    exit_code = 1

    def __init__(self, message: str, *, path: str, where: str = "", remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        place = f"{self.path}, {self.where}" if self.where else self.path
        return f"{place}: {self.message} ({self.remedy})"

    def to_dict(self) -> dict[str, Any]:
        """The line of ``errors.jsonl``: ``path``, ``where``, ``error``, ``remedy``."""
        return {"path": self.path, "where": self.where, "error": self.message, "remedy": self.remedy}


class BundleError(AnnexscanError):
    """The bundle is missing, altered, incomplete or of another schema."""


class LawError(AnnexscanError):
    """The law pack breaks one of its own rules."""


class RecipeError(AnnexscanError):
    """A recipe has an unknown key, a wrong type or a contradiction."""

    exit_code = 2


class CorpusError(AnnexscanError):
    """A corpus, lexicon or concept file breaks its rules."""

    exit_code = 4


class MissingExtraError(AnnexscanError):
    """An optional dependency is not installed.

    Args:
        package: The module that could not be imported.
        extra: The extra of this project that brings it.
    """

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed: run  pip install 'annexscan[{extra}]'")
