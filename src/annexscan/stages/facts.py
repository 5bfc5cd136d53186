"""Stage 4: a spaCy rule pipeline reads the measures, counts and materials that the law depends on.

| fact | value |
|---|---|
| ``inner_circumference_mm`` | of a cuff, in mm; an inner diameter d is given as pi * d, as if the cuff were round |
| ``widest_circumference_mm`` | the same where the text says that it is the widest setting |
| ``overall_length_mm`` | in mm |
| ``concentration_percent`` | of OC, PAVA or another capsaicinoid |
| ``count_pieces`` | pieces, pairs or sets as stated |
| ``straps_only`` | ``"true"`` where straps hold the person and no metal restraint is named |
| ``material`` | plain English name |
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence

from annexscan.stages.facts_tokens import DIGIT, IN_MM, LINE, WORD, Found, Quantity, Tokens, number
from annexscan.text import Reading
from annexscan.verdict import Fact

FACTS = (
    "inner_circumference_mm",
    "widest_circumference_mm",
    "overall_length_mm",
    "concentration_percent",
    "count_pieces",
    "straps_only",
    "material",
)
"""The names of all facts that can be found."""

_REACH = 6  # tokens between a cue and its number: "inner circumference of each cuff, closed: 150 mm"
_NEAR = 4  # tokens between a denial and what it denies
_SHOWN = 3  # counts and materials told: a long page has dozens
_CLAUSE_END = re.compile(r"[.;:!?。；：！？؟\n]")


def find_facts(reading: Reading) -> tuple[Fact, ...]:
    """The facts of a listing, in the order of its text."""
    tokens = Tokens.of(reading.nfkc.text)
    found = {
        *_measures(tokens),
        *_concentrations(tokens),
        *_first(_counts(tokens)),
        *_straps(tokens),
        *_first(_materials(tokens)),
    }
    facts: list[Fact] = []
    for start, end, name, value in sorted(found, key=lambda item: (item[0], item[1], item[2], str(item[3]))):
        span = reading.span(*reading.nfkc.to_raw(tokens.places[start][0], tokens.places[end - 1][1]))
        facts.append(Fact(name, value, span))
    return tuple(facts)


_Item = tuple[int, int, str, float | str]
"""First token, token after the last, name and value of a fact."""


def _first(items: Iterable[_Item]) -> list[_Item]:
    by_value: dict[float | str, _Item] = {}
    for item in sorted(items, key=lambda item: item[0]):
        by_value.setdefault(item[3], item)
    return list(by_value.values())[:_SHOWN]


def _measures(tokens: Tokens) -> Iterator[_Item]:
    lengths = [quantity for quantity in tokens.quantities if quantity.unit in IN_MM]
    for cue, quantities, kind in _stated(tokens, ("inner_circumference", "inner_diameter", "overall_length"), lengths):
        values = [(quantity, value) for quantity in quantities for value in quantity.values]
        name = "overall_length_mm" if kind == "overall_length" else "inner_circumference_mm"
        if len(values) == 1 and kind != "overall_length" and _at_widest(tokens, cue, quantities[0]):
            name = "widest_circumference_mm"
        for quantity, value in values:
            yield quantity.start, quantity.end, name, round(value * (math.pi if kind == "inner_diameter" else 1), 1)


def _at_widest(tokens: Tokens, cue: Found, quantity: Quantity) -> bool:
    start, end = min(cue.start, quantity.start) - 2, max(cue.end, quantity.end) + 4
    return tokens.near("widest", start, end) and not tokens.near("last_notch", start, end)


def _same_list(tokens: Tokens, start: int, end: int) -> bool:
    """Whether nothing but marks and words like *min* or *to* stands between two quantities."""
    places = set(range(start, end))
    for joint in (*tokens.cue("widest"), *tokens.cue("last_notch"), *tokens.found.get("range", [])):
        places.difference_update(range(joint.start, joint.end))
    return end - start <= _REACH and not any(
        tokens.words[i] in (WORD, DIGIT, LINE) or tokens.words[i][0].isalpha() for i in places
    )


def _concentrations(tokens: Tokens) -> Iterator[_Item]:
    percents = [quantity for quantity in tokens.quantities if quantity.unit == "percent"]
    for _, quantities, _ in _stated(tokens, ("irritant",), percents):
        for quantity in quantities:
            for value in quantity.values:
                yield quantity.start, quantity.end, "concentration_percent", round(value, 4)


def _stated(
    tokens: Tokens, kinds: Sequence[str], quantities: Sequence[Quantity]
) -> Iterator[tuple[Found, list[Quantity], str]]:
    """Each cue of the kinds with the quantities it speaks of, if any, and its kind."""
    cues = sorted((cue, kind) for kind in kinds for cue in tokens.cue(kind))
    for cue, kind in cues:
        limit = min((other.start for other, _ in cues if other.start >= cue.end), default=len(tokens.words))
        if found := _belonging(tokens, cue, [quantity for quantity in quantities if quantity.start < limit]):
            yield cue, found, kind


def _belonging(tokens: Tokens, cue: Found, quantities: Sequence[Quantity]) -> list[Quantity]:
    """The quantities after a cue up to the next word of another meaning, else the one before it."""
    after = [quantity for quantity in quantities if 0 <= quantity.start - cue.end <= _REACH]
    before = [quantity for quantity in quantities if 0 <= cue.start - quantity.end <= 2]
    if before and LINE in tokens.words[before[-1].end : cue.start]:
        before = []
    direct = bool(after) and bool(re.fullmatch(r"[^\w,;]?", tokens.between(cue.end, after[0].start)))
    if before and not direct and (before[-1].end == cue.start or not after):
        return before[-1:]
    out = after[:1]
    for quantity in quantities:
        if out and quantity.start >= out[-1].end:
            if not _same_list(tokens, out[-1].end, quantity.start):
                break
            out.append(quantity)
    return out


def _counts(tokens: Tokens) -> Iterator[_Item]:
    taken = {i for quantity in tokens.quantities for i in range(quantity.start, quantity.end)}
    for quantity in tokens.quantities:
        if quantity.unit == "piece":
            for value in quantity.values:
                yield quantity.start, quantity.end, "count_pieces", value
    for cue in tokens.cue("quantity"):
        for i in range(cue.end, min(cue.end + 2, len(tokens.words))):
            if tokens.words[i] == DIGIT and i not in taken:
                yield i, i + 1, "count_pieces", number(tokens.between(i, i + 1), "piece")
                break


def _straps(tokens: Tokens) -> Iterator[_Item]:
    """Straps only: said so, or straps on a chair or bed, and no restraint of metal that is not denied."""
    straps = tokens.cue("straps_only") or (tokens.cue("strap") if tokens.cue("furniture") else [])
    hard = [cue for cue in tokens.cue("hard_restraint") if not _harmless(tokens, cue) and not _denied(tokens, cue)]
    if straps and not hard:
        yield straps[0].start, straps[0].end, "straps_only", "true"


def _harmless(tokens: Tokens, hard: Found) -> bool:
    return any(lock.start <= hard.start and hard.end <= lock.end for lock in tokens.cue("harmless_lock"))


def _denied(tokens: Tokens, hard: Found) -> bool:
    """Whether a *no* or *without* stands before it in the clause, or a denial right after it."""
    gaps = [(denial.end, hard.start) for denial in tokens.cue("denial") if 0 <= hard.start - denial.end <= _NEAR]
    gaps += [(hard.end, denial.start) for denial in tokens.cue("denial_after") if 0 <= denial.start - hard.end <= 2]
    return any(not _CLAUSE_END.search(tokens.between(start, end)) for start, end in gaps)


def _materials(tokens: Tokens) -> Iterator[_Item]:
    for cue in tokens.found.get("material", []):
        yield cue.start, cue.end, "material", cue.name
