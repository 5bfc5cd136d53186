import html
import re
import subprocess
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from annexscan.report import render_report

CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--no-first-run --enable-logging=stderr"
).split()
ATTACK = "document.documentElement.dataset.attacked = 'yes'"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed: apt-get install chromium"),
]


@pytest.fixture
def opened(tmp_path):
    """A function that opens a page and gives its tree once the script has run; nothing may be logged to the console."""

    def open_page(page, address="", quiet=True):
        path = tmp_path / "report.html"
        path.write_text(page, encoding="utf-8")
        command = [str(CHROMIUM), *OPTIONS, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom"]
        done = subprocess.run([*command, path.as_uri() + address], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        messages = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
        assert not (quiet and messages), messages
        return LexborHTMLParser(done.stdout)

    return open_page


@pytest.fixture
def page(make_verdict, run_record):
    attack = f'<script>{ATTACK}</script>"><img src=x onerror="{ATTACK}"><svg onload="{ATTACK}">'
    made = [
        make_verdict("Steel leg irons for prisons", score=0.9, seller="Acme"),
        make_verdict("Stalowe kajdanki na nogi", score=0.99, language="pl", seller="Zakład"),
        make_verdict(f"Thumb cuffs {attack}", attack, kind="thumb_cuffs", decision="review", score=0.4, seller=attack),
    ]
    return render_report(run_record, made, [dict.fromkeys(("path", "where", "error", "remedy"), attack)])


def shown(tree):
    return [
        card.css_first("h3").text().split()[0] for card in tree.css("#items > li") if "hidden" not in card.attributes
    ]


def test_the_script_runs_to_its_end_and_shows_the_filters(opened, page):
    tree = opened(page)
    assert tree.root.attributes["data-ready"] == "yes"
    assert "hidden" not in tree.css_first("#filters").attributes
    assert tree.css_first("#shown").text() == "All 3 shown."
    assert shown(tree) == ["Stalowe", "Steel", "Thumb"]


@pytest.mark.parametrize(
    ("address", "titles"),
    [
        ("#decision=review", ["Thumb"]),
        ("#kind=leg_irons&language=en", ["Steel"]),
        ("#seller=Zak%C5%82ad", ["Stalowe"]),
        ("#source=shop.jsonl&status=prohibited", ["Stalowe", "Steel", "Thumb"]),
        ("#text=PRISONS+acme", ["Steel"]),
        ("#text=nothing+of+this", []),
        ("#order=low", ["Thumb", "Steel", "Stalowe"]),
    ],
)
def test_filters_and_order_do_what_they_say(opened, page, address, titles):
    tree = opened(page, address)
    assert shown(tree) == titles
    if len(titles) < 3:
        assert tree.css_first("#shown").text() == f"{len(titles)} of 3 shown."


def test_the_script_believes_what_the_page_says_without_it(opened, page):
    written = LexborHTMLParser(page).css_first("#believed").text()
    computed = opened(page)
    assert computed.css_first("#believed").text() == written
    assert computed.css_first("#assumed").text() == "1 in 100"


def test_no_hostile_script_runs(opened, page):
    assert "data-attacked" not in opened(page).root.attributes


def test_the_policy_stops_a_script_even_where_escaping_failed(opened, page):
    unescaped = html.unescape(re.search(r"<h3 class=\"text\".*?Thumb.*?</h3>", page, re.DOTALL).group())
    broken = page.replace("<main>", f"<main>{unescaped}")
    assert "data-attacked" not in opened(broken, quiet=False).root.attributes
    bare = re.sub(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", broken)
    assert opened(bare, quiet=False).root.attributes["data-attacked"] == "yes"  # so the two tests above can fail
