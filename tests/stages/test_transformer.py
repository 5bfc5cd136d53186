from hypothesis import given
from hypothesis import strategies as st

from annexscan.stages.transformer import WINDOW, windows


@given(st.integers(1, 3000), st.integers(0, 60))
def test_windows_hold_every_token_of_a_page_within_reach(length, title):
    ids = list(range(length))
    cut = windows(ids, min(title, length))
    assert all(len(window) <= WINDOW - 2 for window in cut)
    covered = set().union(*cut)
    assert covered == set(ids) or len(cut) == 24


def test_a_short_text_is_one_window():
    assert windows([5, 6, 7], 2) == [[5, 6, 7]]


def test_later_windows_repeat_the_title():
    cut = windows(list(range(400)), 10)
    assert all(window[:10] == list(range(10)) for window in cut)
