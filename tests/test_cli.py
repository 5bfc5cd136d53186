"""The command as a user meets it: every test runs the real program."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from annexscan.locations import default_bundle, default_law_pack

ROWS = [
    {"id": "a", "title": "Thumb cuffs, steel, nickel plated, double lock"},
    {"id": "b", "title": "Basmati rice 5 kg"},
    {"id": "c", "title": "Leg irons, steel, with chain", "seller": "Stand 4"},
]


def run(*arguments, stdin=None):
    command = [sys.executable, "-m", "annexscan", *map(str, arguments)]
    environment = os.environ | {"COLUMNS": "200", "NO_COLOR": "1"}
    done = subprocess.run(command, input=stdin, capture_output=True, env=environment, timeout=120, check=False)
    assert b"Traceback" not in done.stderr + done.stdout, done.stderr.decode()
    return done


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    path = tmp_path_factory.mktemp("in") / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


def test_help_is_quick_and_imports_nothing_heavy():
    code = (
        "import sys, annexscan.cli; "
        "print([m for m in ('torch', 'transformers', 'spacy', 'mlflow', 'sklearn', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_scan_streams_verdicts(rows):
    done = run("scan", rows, "--format", "jsonl", "-o", "-")
    assert done.returncode == 0
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [verdict["id"] for verdict in verdicts] == ["a", "b", "c"]
    assert verdicts[0]["decision"] == "flag"
    assert {"id", "decision", "status", "kind", "score", "evidence"} <= set(verdicts[0])
    assert set(verdicts[1]) == {"id", "origin", "decision", "score", "stage"}


def test_standard_input_is_a_path(rows):
    done = run("scan", "-", "-o", "-", "--only", "flagged", stdin=rows.read_bytes())
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a", "c"]


def test_a_run_folder_holds_all_it_should(rows, tmp_path):
    out = tmp_path / "run"
    assert run("scan", rows, "-o", out).returncode == 0
    assert {path.name for path in out.iterdir()} == {
        "verdicts.jsonl", "report.html", "flagged.csv", "errors.jsonl", "run.json",
    }  # fmt: skip
    record = json.loads((out / "run.json").read_text())
    assert record["decisions"]["flag"] == 2
    assert len(record["inputs"][str(rows)]) == 64


def test_the_same_command_ends_with_the_same_bytes(rows, tmp_path):
    for out in ("one", "two"):
        run("scan", rows, "-o", tmp_path / out, "--full", "--workers", 1 if out == "one" else 3)
    for name in ("verdicts.jsonl", "flagged.csv", "errors.jsonl"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "jsonl"])
def test_a_view_is_one_file(rows, tmp_path, form):
    target = tmp_path / f"out.{form}"
    assert run("scan", rows, "--format", form, "-o", target).returncode == 0
    assert target.stat().st_size > 100


def test_a_missing_path_is_wrong_usage(tmp_path):
    done = run("scan", tmp_path / "none.csv")
    assert done.returncode == 2
    assert b"none.csv: no such file" in done.stderr


def test_an_empty_file_alone_is_nothing_readable(tmp_path):
    (tmp_path / "empty.csv").write_bytes(b"")
    done = run("scan", tmp_path / "empty.csv", "-o", "-")
    assert done.returncode == 3
    assert b"empty.csv" in done.stderr


def test_a_broken_pdf_is_named_and_the_rest_is_read(rows, tmp_path):
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\nnot a document")
    done = run("scan", tmp_path / "broken.pdf", rows, "-o", tmp_path / "run")
    assert done.returncode == 1
    assert b"broken.pdf" in done.stderr
    (error,) = [json.loads(line) for line in (tmp_path / "run" / "errors.jsonl").read_text().splitlines()]
    assert error["path"].endswith("broken.pdf")
    assert error["remedy"]


def test_a_bad_line_is_named_and_the_rest_is_read(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(ROWS[0]) + "\n{not json\n" + json.dumps(ROWS[1]) + "\n")
    done = run("scan", path, "-o", "-")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 2
    assert b"rows.jsonl, line 2" in done.stderr


def test_utf_16_is_read_right(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("id,title\n1,Daumenschellen aus Stahl für Häftlinge\n", encoding="utf-16")
    done = run("scan", path, "-o", "-", "--full")
    assert done.returncode == 0
    assert json.loads(done.stdout)["listing"]["title"] == "Daumenschellen aus Stahl für Häftlinge"


def test_a_bundle_with_one_byte_changed_is_refused(rows, tmp_path):
    bundle = Path(shutil.copytree(default_bundle(), tmp_path / "bundle"))
    data = bytearray((bundle / "linear.npz").read_bytes())
    data[1000] ^= 1
    (bundle / "linear.npz").write_bytes(data)
    done = run("scan", rows, "--bundle", bundle, "-o", "-")
    assert done.returncode == 3
    assert b"linear.npz" in done.stderr


def test_a_law_file_with_an_unknown_kind_is_refused(rows, tmp_path):
    pack = Path(shutil.copytree(default_law_pack(), tmp_path / "law"))
    regime = pack / "regimes" / "uk.toml"
    regime.write_text(regime.read_text().replace('"thumb_cuffs"', '"thumb_cufs"', 1))
    done = run("scan", rows, "--law", pack, "-o", "-")
    assert done.returncode == 3
    assert b"uk.toml" in done.stderr
    assert b"thumb_cufs" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--as-of", "yesterday"], b"YYYY-MM-DD"),
        (["--columns", "title"], b"name=heading"),
        (["--only", "clear"], b"--only flagged"),
        (["--only", "flagged", "--full"], b"contradict"),
        (["--format", "csv", "-o", "-"], b"cannot be streamed"),
        (["--regime", "mars"], b"mars"),
        (["--terms", "none.csv"], b"none.csv"),
    ],
)
def test_wrong_usage_says_what_to_write(rows, arguments, said):
    done = run("scan", rows, *arguments)
    assert done.returncode in (2, 3, 4)
    assert said in done.stderr


def test_explain_law_and_verify_answer():
    done = run("explain", "thumb cuffs, nickel plated")
    assert done.returncode == 0
    assert b"flag" in done.stdout
    assert b"transformer" in done.stdout
    assert b"Annex II 2.2" in run("law", "thumb_cuffs", "--as-of", "2024-01-01").stdout
    assert b"no such kind" in run("law", "thumb_cufs").stderr
    assert b"every file as trained" in run("verify").stdout


def test_hostile_text_is_printed_as_text():
    assert run("explain", "[bold]thumb cuffs[/] [link=x]y").returncode == 0
