"""Options that several commands share, and what turns them into objects."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annexscan.errors import UsageError
from annexscan.locations import default_bundle, default_law_pack

if TYPE_CHECKING:
    from annexscan.cascade import Cascade

BundleOption = Annotated[Path | None, typer.Option("--bundle", help="Bundle folder; the shipped one if left out.")]
LawOption = Annotated[Path | None, typer.Option("--law", help="Law pack folder; the shipped one if left out.")]
RegimeOption = Annotated[str, typer.Option("--regime", help="Legal text: eu-2019-125, un-a-78-324, us-ear, uk.")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="Date whose law counts, YYYY-MM-DD; today if left out.")
]
TermsOption = Annotated[
    Path | None, typer.Option("--terms", help="CSV of your own terms (term,kind): each can raise a listing to review.")
]


def parse_date(text: str | None) -> date:
    """A date, today for None.

    Raises:
        UsageError: The text is not YYYY-MM-DD.
    """
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--as-of {text}: not a date; write YYYY-MM-DD") from error


def open_cascade(
    bundle: Path | None, law: Path | None, regime: str, as_of: str | None, terms: Path | None = None
) -> "Cascade":
    """The cascade that the shared options name."""
    from annexscan.cascade import Cascade
    from annexscan.law import LawPack
    from annexscan.lexicon import read_user_terms

    day = parse_date(as_of)
    pack = law or default_law_pack()
    kinds = frozenset(kind.id for kind in LawPack.load(pack).kinds)
    extra = read_user_terms(terms, kinds) if terms else ()
    return Cascade.open(bundle or default_bundle(), pack, regime, day, extra)
