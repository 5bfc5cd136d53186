"""What the corpus must hold, read from ``rules.toml`` beside its rows, and whether it does."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from annexscan.corpus import Corpus, Row, Split, group_of, near_duplicates
from annexscan.errors import CorpusError
from annexscan.law import Regime
from annexscan.verdict import Status

RULES = "rules.toml"
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule held against the corpus.

    Attributes:
        rule: What is asked, in words.
        found: What there is.
        holds: Whether that is enough.
    """

    rule: str
    found: str
    holds: bool


def read_rules(folder: Path) -> dict[str, Any]:
    """The rules of a corpus folder.

    Raises:
        CorpusError: No such file, or not TOML.
    """
    path = folder / RULES
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(f"{path}: no readable rules ({error}); restore the file from the repository") from error


def held_against(corpus: Corpus, regime: Regime, rules: Mapping[str, Any]) -> list[Finding]:
    """Every rule with what the corpus has to show for it.

    Args:
        corpus: The rows.
        regime: Says which kinds are prohibited and which controlled.
        rules: As :func:`read_rules` gives them.
    """
    counted = _Counted(corpus, regime)
    findings = [
        *_minima("", rules["rows"], counted.groups(corpus.rows)),
        *_minima("rows in language ", rules["languages"], Counter(row.language for row in corpus.rows)),
        *_each("rows of style", rules["styles"], Counter(row.style for row in corpus.rows)),
        *_each("rows of kind", {kind: rules["kinds"]["rows"] for kind in regime.listed}, counted.kinds),
        *_each("look-alikes of", {kind: rules["kinds"]["look-alikes"] for kind in regime.listed}, counted.lookalikes),
    ]
    for split in (Split.CERTIFY, Split.TEST):
        findings += _minima(f"{split.value}: ", rules[split.value], counted.groups(corpus.split(split)))
    in_test = Counter(r.language for r in corpus.split(Split.TEST) if counted.status(r) is Status.PROHIBITED)
    findings += _minima("test: prohibited rows in language ", rules["test_prohibited"], in_test)
    used = {row.voice for row in corpus.rows}
    measuring = {row.voice for row in corpus.split(Split.CERTIFY, Split.TEST)}
    findings += _minima("voices ", rules["voices"], {"in all": len(used), "in certify and test": len(measuring)})
    pairs = near_duplicates(corpus.rows, corpus.voices)
    shown = ", ".join(f"{a} and {b}" for a, b in pairs[:10])
    findings.append(Finding("no near-duplicates straddle two splits", f"{len(pairs)} do {shown}".strip(), not pairs))
    prohibited = [counted.status(row) is Status.PROHIBITED for row in corpus.rows]
    return [*findings, _surface_finding(corpus.rows, prohibited, rules)]


def _surface_finding(rows: Sequence[Row], positive: Sequence[bool], rules: Mapping[str, Any]) -> Finding:
    most = rules["surface"]["auc_at_most"]
    rule = f"length, layout, style, language and setting alone tell prohibited rows with an AUC of at most {most}"
    if len({row.voice for row, is_positive in zip(rows, positive, strict=True) if is_positive}) < _FOLDS:
        return Finding(rule, f"prohibited rows of fewer than {_FOLDS} voices: cannot be told", False)
    auc = surface_auc(rows, positive, rules["settings"])
    return Finding(rule, f"{auc:.3f}", auc <= most)


class _Counted:
    """Rows by what the regime says of them."""

    def __init__(self, corpus: Corpus, regime: Regime) -> None:
        self._regime = regime
        self.kinds = Counter(row.kind for row in corpus.rows)
        self.lookalikes = Counter(row.lookalike_of for row in corpus.rows if row.lookalike_of)

    def status(self, row: Row) -> Status:
        return self._regime.entries[row.kind].status

    def groups(self, rows: Sequence[Row]) -> Counter[str]:
        listed = frozenset(self._regime.listed)
        groups = Counter(self.status(row).value if row.kind in listed else group_of(row, listed) for row in rows)
        return groups + Counter({"rows": len(rows)})


def _minima(prefix: str, asked: Mapping[str, int], found: Mapping[str, int]) -> Iterator[Finding]:
    for name, least in asked.items():
        count = found.get(name, 0)
        yield Finding(f"{prefix}{name}: at least {least}", str(count), count >= least)


def _each(what: str, asked: Mapping[str, int], found: Mapping[str, int]) -> Iterator[Finding]:
    """One finding for many like rules: all hold, or those that do not."""
    short = {name: found.get(name, 0) for name, least in asked.items() if found.get(name, 0) < least}
    least = ", ".join(str(n) for n in sorted(set(asked.values())))
    told = ", ".join(f"{name} {count}" for name, count in sorted(short.items()))
    fewest = min((found.get(name, 0) for name in asked), default=0)
    yield Finding(f"{what} each: at least {least}", told or f"fewest {fewest}", not short)


def surface_auc(rows: Sequence[Row], positive: Sequence[bool], settings: Mapping[str, Sequence[str]]) -> float:
    """How well surface alone tells the positive rows: area under the ROC curve, voices held out in five folds.

    The classifier, a logistic regression, sees length, lines, shares of digits and capitals, whether there is a
    description, style, language, and which settings the text names: never what is sold.

    Args:
        rows: The rows.
        positive: Which of them are to be told.
        settings: Setting to word stems that name it, as regular expressions.
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold, cross_val_predict

    patterns = {name: re.compile("|".join(stems)) for name, stems in settings.items()}
    features = DictVectorizer().fit_transform([_surface(row, patterns) for row in rows])
    truth = np.array(positive)
    scores = cross_val_predict(
        LogisticRegression(max_iter=2000), features, truth, groups=[row.voice for row in rows],
        cv=GroupKFold(_FOLDS), method="decision_function",
    )  # fmt: skip
    return float(roc_auc_score(truth, scores))


def _surface(row: Row, patterns: Mapping[str, re.Pattern[str]]) -> dict[str, Any]:
    text = f"{row.title}\n{row.description}"
    folded = text.casefold()
    return {
        "length": np.log1p(len(text)),
        "lines": np.log1p(text.count("\n")),
        "digits": sum(c.isdigit() for c in text) / len(text),
        "capitals": sum(c.isupper() for c in text) / len(text),
        "bare": not row.description,
        "style": row.style,
        "language": row.language,
        **{f"setting {name}": bool(pattern.search(folded)) for name, pattern in patterns.items()},
    }
