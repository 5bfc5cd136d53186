"""Stage 6: the spans whose deletion lowers the served score, for flagged and doubtful listings only."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from annexscan.lexicon import Role
from annexscan.stages.linear import FloatArray
from annexscan.stages.models import Models, linear_text
from annexscan.stages.terms import Hit
from annexscan.text import Reading, has_word_boundaries
from annexscan.verdict import Evidence

RawSpan = tuple[int, int]

_TRIED = 32  # words whose deletion is tried on the linear model: bounds the work on a page of any length
_WORDS = 8  # of these, words whose deletion is tried on the full model
_BRIDGE = 5  # chosen words at most this many characters apart make one phrase
_PIECE = 2  # characters of an unspaced script that are tried as one word
_TOGETHER = (2, 3, 5, 8)  # how many of the strongest candidates are taken out at once where none suffices alone
_SHOWN = 8


def find_evidence(
    models: Models,
    reading: Reading,
    hits: Sequence[Hit],
    score: float,
    listed: NDArray[np.bool_],
    rescore: Callable[[Reading], float],
    names: dict[str, str],
) -> tuple[Evidence, ...]:
    """Spans that carry the score, heaviest first.

    Wordings of one kind are deleted together, wherever they stand, and each gets their common weight: a good named
    twice is not less evident than one named once. Where no wording suffices alone, the strongest few are deleted
    together, and say so.

    Args:
        models: The served stages.
        reading: The judged text.
        hits: What the term pass found in it.
        score: Its score.
        listed: Which kinds the regime lists, shape (kinds,).
        rescore: The score of a changed reading under the same regime.
        names: Kind id to its plain name.
    """
    minimum = models.settings.minimum_weight

    def weigh(spans: list[RawSpan]) -> float:
        return min((score - rescore(reading.without(spans))) / score, 1.0) if score > 0 else 0.0

    tried = [(weigh(spans), spans, why) for spans, why in _candidates(models, reading, hits, listed, names)]
    found = [
        Evidence(reading.span(start, end), why, weight)
        for weight, spans, why in tried
        if weight >= minimum
        for start, end in spans
    ]
    if not found:
        # A page that says the same thing in several ways loses little with any one of them: take them out together.
        tried.sort(key=lambda item: -item[0])
        for size in _TOGETHER:
            spans = [span for _, group, _ in tried[:size] for span in group]
            weight = weigh(spans) if len(tried) >= 2 else 0.0
            if weight >= minimum:
                found = [
                    Evidence(reading.span(*span), "together these words carry the score", weight) for span in spans
                ]
                break
    found.sort(key=lambda item: (-item.weight, item.span.field, item.span.start))
    return tuple(found[:_SHOWN])


def _candidates(
    models: Models, reading: Reading, hits: Sequence[Hit], listed: NDArray[np.bool_], names: dict[str, str]
) -> Iterable[tuple[list[RawSpan], str]]:
    kinds = {kind for kind, is_listed in zip(models.settings.kinds, listed, strict=True) if is_listed}
    by_kind: dict[tuple[Role, str], list[RawSpan]] = defaultdict(list)
    for hit in hits:
        if hit.entry.role in (Role.TRADE, Role.LEARNED) and hit.entry.label in kinds:
            by_kind[hit.entry.role, hit.entry.label].append((hit.start, hit.end))
    taken = [span for spans in by_kind.values() for span in spans]
    for (role, kind), spans in by_kind.items():
        name = names.get(kind, kind)
        yield spans, (f"names {name}" if role is Role.TRADE else f"wording that offers of {name} use")
    for phrase in _phrases(reading, _heavy_words(models, reading, hits, listed, taken)):
        yield [phrase], "the score falls when these words are taken out"


def _heavy_words(
    models: Models, reading: Reading, hits: Sequence[Hit], listed: NDArray[np.bool_], taken: list[RawSpan]
) -> list[RawSpan]:
    """The words whose deletion costs the linear model most, at every place where they stand.

    Only the words that look most like a listed good by themselves are tried.
    """
    places: dict[str, list[RawSpan]] = defaultdict(list)
    for start, end in _words(reading):
        if not any(start < last and first < end for first, last in taken):
            places[reading.raw[start:end].casefold()].append((start, end))
    if not places:
        return []
    alone = _listed_log_odds(models.linear.log_probabilities(list(places)), listed)
    words = [list(places)[i] for i in np.argsort(-alone, kind="stable")[:_TRIED]]
    texts = [linear_text(reading, hits)]
    texts += [linear_text(reading.without(places[word]), _outside(hits, places[word])) for word in words]
    odds = _listed_log_odds(models.linear.log_probabilities(texts), listed)
    drops = odds[0] - odds[1:]
    best = np.argsort(-drops, kind="stable")[:_WORDS]
    return sorted(span for i in best if drops[i] > 0 for span in places[words[i]])


def _outside(hits: Sequence[Hit], spans: list[RawSpan]) -> list[Hit]:
    return [hit for hit in hits if not any(hit.start < end and start < hit.end for start, end in spans)]


def _listed_log_odds(log_kinds: FloatArray, listed: NDArray[np.bool_]) -> FloatArray:
    inside = np.logaddexp.reduce(log_kinds[:, listed], axis=1)
    outside = np.logaddexp.reduce(log_kinds[:, ~listed], axis=1)
    return np.asarray(inside - outside, dtype=np.float32)


def _words(reading: Reading) -> Iterable[RawSpan]:
    for match in re.finditer(r"\w+", reading.raw):
        start, end = match.span()
        step = end - start if has_word_boundaries(match.group()[0]) else _PIECE
        for at in range(start, end, step):
            yield at, min(at + step, end)


def _phrases(reading: Reading, words: list[RawSpan]) -> list[RawSpan]:
    """Neighbouring words joined, never across a field."""
    phrases: list[RawSpan] = []
    for start, end in words:
        if phrases and start - phrases[-1][1] <= _BRIDGE and "\n" not in reading.raw[phrases[-1][1] : start]:
            phrases[-1] = (phrases[-1][0], end)
        else:
            phrases.append((start, end))
    return phrases[:_WORDS]
