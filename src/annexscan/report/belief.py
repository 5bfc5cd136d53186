"""A certificate in, what a reader may believe of a flag out."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annexscan.bounds import lower_bound, upper_bound

_RAREST, _COMMONEST = 1e-5, 1e-1


@dataclass(frozen=True, slots=True)
class Belief:
    """What the evidence supports about flags, as bounds of 95 % each.

    Attributes:
        recall_low, recall_high: Share of listed goods that are flagged.
        false_low, false_high: Share of harmless listings that are flagged.
        listed: Listed rows behind the recall.
        harmless: Harmless rows behind the false alarms, None where the certificate does not say.
        ordinary: Whether the false alarms were counted on ordinary goods, not on look-alikes.
    """

    recall_low: float
    recall_high: float
    false_low: float
    false_high: float
    listed: int
    harmless: int | None
    ordinary: bool

    def real_of_100(self, prevalence: float) -> tuple[int, int]:
        """At least and at most how many of 100 flags are listed goods.

        Args:
            prevalence: Share of listed goods in the stream, between 0 and 1.
        """
        low = _share(prevalence * self.recall_low, (1 - prevalence) * self.false_high)
        high = _share(prevalence * self.recall_high, (1 - prevalence) * self.false_low)
        return math.floor(100 * low), math.ceil(100 * high)


def _share(real: float, false: float) -> float:
    return real / (real + false) if real else 0.0


def belief(certificate: Mapping[str, Any]) -> Belief | None:
    """The bounds a certificate supports, None where it counts no listed or no harmless rows.

    Ordinary goods count where the certificate has them (``ordinary_flag_upper_per_100k``, and ``ordinary_flagged`` of
    ``ordinary_rows`` for the other end). Else its look-alikes do, which are harder: a cautious upper bound, but none
    below which the false alarms of an ordinary stream could not fall.
    """
    flag = certificate.get("flag") or {}
    listed = int(flag.get("rows") or 0)
    upper = certificate.get("ordinary_flag_upper_per_100k")
    false_low = 0.0
    if upper is not None:
        harmless = certificate.get("ordinary_rows")
        false_high = upper / 100_000
        if harmless:
            false_low = lower_bound(int(certificate.get("ordinary_flagged") or 0), harmless)
    else:
        harmless = int(certificate.get("harmless_rows") or 0)
        false_high = upper_bound(int(certificate.get("harmless_flagged") or 0), harmless)
    if not listed or harmless == 0:
        return None
    found = int(flag["found"])
    return Belief(
        flag["recall_lower_95"], upper_bound(found, listed), false_low, false_high, listed, harmless, upper is not None
    )


def assumed_prevalence(flagged: int, listings: int) -> float:
    """The share of a stream that was flagged, kept between 1 in 100,000 and 1 in 10; at least one flag is assumed."""
    share = max(flagged, 1) / max(listings, 1)
    return min(max(share, _RAREST), _COMMONEST)
