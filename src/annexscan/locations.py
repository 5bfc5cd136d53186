"""Where the shipped bundle and law pack stand: inside the installed package first, in the checkout otherwise."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
CHECKOUT = _PACKAGE.parents[1]
"""Root of the repository when annexscan runs from one (an editable install)."""


def default_bundle() -> Path:
    """Folder of the shipped bundle."""
    return _first(_PACKAGE / "default_bundle", CHECKOUT / "models" / "default")


def default_law_pack() -> Path:
    """Folder of the shipped law pack."""
    return _first(_PACKAGE / "law_pack", CHECKOUT / "data" / "law")


def _first(packaged: Path, checkout: Path) -> Path:
    return packaged if packaged.is_dir() else checkout
