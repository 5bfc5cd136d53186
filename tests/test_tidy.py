"""Habits that a reader relies on."""

import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT

SOURCES = sorted((ROOT / "src").rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_fits_one_idea(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 320


def test_no_content_folder_is_a_package():
    for folder in ("data", "models", "training", "inference", "evaluation"):
        assert list((ROOT / folder).iterdir())
        assert not (ROOT / folder / "__init__.py").exists()


def test_the_core_needs_no_torch():
    """Scanning works where torch, transformers and mlflow cannot be imported."""
    code = (
        "import sys, json\n"
        "absent = {'torch', 'transformers', 'datasets', 'mlflow', 'pandas', 'matplotlib', 'onnx', 'datasketch'}\n"
        "class Absent:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in absent:\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "from datetime import date\n"
        "from annexscan.cascade import Cascade\n"
        "from annexscan.listing import Listing, Origin\n"
        "from annexscan.locations import default_bundle, default_law_pack\n"
        "import annexscan.scan, annexscan.sources, annexscan.report\n"
        "c = Cascade.open(default_bundle(), default_law_pack(), 'eu-2019-125', date(2026, 11, 23))\n"
        "print(json.dumps(c.judge(Listing('1', 'thumb cuffs', '', Origin('', ''))).decision))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == "flag"
