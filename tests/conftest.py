"""What many tests share: listings, and the shipped bundle loaded once."""

import os
from datetime import date
from pathlib import Path

import pytest

from annexscan.cascade import Cascade
from annexscan.law import LawPack
from annexscan.listing import Listing, Origin
from annexscan.locations import default_bundle, default_law_pack

os.environ.setdefault("HF_HUB_OFFLINE", "1")
ROOT = Path(__file__).resolve().parents[1]
DAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def cascade() -> Cascade:
    """The shipped bundle under the EU regulation in force on a fixed day."""
    return Cascade.open(default_bundle(), default_law_pack(), "eu-2019-125", DAY)


@pytest.fixture(scope="session")
def law() -> LawPack:
    return LawPack.load(default_law_pack())


@pytest.fixture
def listing():
    """Makes a listing from a title and, if wanted, a description."""

    def make(title: str, description: str = "", id: str = "1") -> Listing:
        return Listing(id, title, description, Origin("test", ""))

    return make
