"""Second labels in, agreement of the two readers out: it shows how consistently the guide is read, not truth."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from annexscan.corpus import Corpus, Row, Split
from annexscan.errors import CorpusError

SECOND_LABELS = "second-labels.jsonl"


@dataclass(frozen=True, slots=True)
class SecondLabel:
    """What a second reader, who saw only text and guide, said of a row.

    Attributes:
        id: The row's.
        first: The author's kind when the second reader read, before any adjudication.
        second: The second reader's kind.
        note: Why the row's kind is now what it is; "" where both agreed.
    """

    id: str
    first: str
    second: str
    note: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Cohen's kappa with the rows it comes from; None where all rows of both readers are of one kind."""

    rows: int
    kappa: float | None


def read_second_labels(folder: Path, corpus: Corpus, kinds: frozenset[str]) -> list[SecondLabel]:
    """The second labels of a corpus folder, none where the file is missing.

    Raises:
        CorpusError: A line is no label, names an unknown row or kind, labels a row twice, or leaves a disagreement
            without a note; names file and line.
    """
    path = folder / SECOND_LABELS
    if not path.is_file():
        return []
    known = {row.id for row in corpus.rows}
    labels: dict[str, SecondLabel] = {}
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            label = SecondLabel(**json.loads(text))
        except (ValueError, TypeError) as error:
            raise CorpusError(f"{path}, line {line}: not a second label ({error}); see data/datasheet.md") from error
        checks = {
            f"unknown row {label.id}": label.id not in known,
            "row labelled twice": label.id in labels,
            f"unknown kind {label.first}": label.first not in kinds,
            f"unknown kind {label.second}": label.second not in kinds,
            "a disagreement needs a note": label.first != label.second and not label.note.strip(),
        }
        if faults := [fault for fault, is_so in checks.items() if is_so]:
            raise CorpusError(f"{path}, line {line}: {'; '.join(faults)}")
        labels[label.id] = label
    return list(labels.values())


def kappa(labels: Sequence[SecondLabel]) -> Agreement:
    """Cohen's kappa of the two readers over all kinds."""
    return _kappa([label.first for label in labels], [label.second for label in labels])


def kappa_by_language(labels: Sequence[SecondLabel], corpus: Corpus) -> dict[str, Agreement]:
    """Kappa by language of the row, most rows first."""
    of: dict[str, Row] = {row.id: row for row in corpus.rows}
    groups: dict[str, list[SecondLabel]] = {}
    for label in labels:
        groups.setdefault(of[label.id].language, []).append(label)
    return {name: kappa(part) for name, part in sorted(groups.items(), key=lambda item: -len(item[1]))}


def kappa_by_kind(labels: Sequence[SecondLabel]) -> dict[str, Agreement]:
    """Kappa of each kind against all others; ``rows`` are those that either reader gave the kind."""
    kinds = sorted({kind for label in labels for kind in (label.first, label.second)})
    out = {}
    for kind in kinds:
        first, second = [label.first == kind for label in labels], [label.second == kind for label in labels]
        either = sum(a or b for a, b in zip(first, second, strict=True))
        out[kind] = Agreement(either, _kappa(first, second).kappa)
    return out


def coverage(labels: Sequence[SecondLabel], corpus: Corpus) -> dict[str, float]:
    """Share of rows with a second label: of certify, of test, and of the other splits together (``rest``)."""
    labelled = {label.id for label in labels}
    parts = {
        "certify": corpus.split(Split.CERTIFY),
        "test": corpus.split(Split.TEST),
        "rest": corpus.split(Split.TRAIN, Split.TUNE, Split.CALIBRATE),
    }
    return {name: sum(row.id in labelled for row in rows) / len(rows) if rows else 0.0 for name, rows in parts.items()}


def _kappa(first: Sequence[str] | Sequence[bool], second: Sequence[str] | Sequence[bool]) -> Agreement:
    from sklearn.metrics import cohen_kappa_score

    if len({*first, *second}) < 2:
        return Agreement(len(first), None)
    return Agreement(len(first), float(cohen_kappa_score(first, second)))
