import json
import shutil

import pytest

from annexscan.bundle import FILES, MANIFEST, SCHEMA, Settings, open_bundle, seal
from annexscan.errors import BundleError
from annexscan.locations import default_bundle


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(default_bundle(), tmp_path / "bundle")


def test_the_shipped_bundle_is_sound_and_small():
    bundle = open_bundle(default_bundle())
    assert bundle.name.startswith("default@")
    assert sum(path.stat().st_size for path in bundle.path.iterdir()) <= 40 * 2**20


@pytest.mark.parametrize("name", FILES)
def test_one_changed_byte_is_refused_by_name(copy, name):
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)
    with pytest.raises(BundleError, match=rf"{name}: altered"):
        open_bundle(copy)


def test_a_missing_file_is_refused_by_name(copy):
    (copy / "linear.npz").unlink()
    with pytest.raises(BundleError, match=r"linear\.npz: the bundle lacks"):
        open_bundle(copy)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema": 1}'])
def test_a_broken_manifest_is_refused(copy, text):
    (copy / MANIFEST).write_text(text)
    with pytest.raises(BundleError, match="not a bundle manifest"):
        open_bundle(copy)


def test_another_schema_is_refused(copy):
    manifest = json.loads((copy / MANIFEST).read_text()) | {"schema": SCHEMA + 1}
    (copy / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match="train it again"):
        open_bundle(copy)


def test_sealing_a_copy_gives_the_same_manifest(copy):
    manifest = json.loads((copy / MANIFEST).read_text())
    rest = {key: value for key, value in manifest.items() if key not in ("schema", "files")}
    assert seal(copy, rest).manifest == manifest


def test_no_file_of_the_bundle_is_a_pickle():
    for name in FILES:
        assert not (default_bundle() / name).read_bytes().startswith(b"\x80")


def test_settings_come_back(tmp_path):
    settings = Settings.load(default_bundle() / "settings.json")
    settings.save(tmp_path / "s.json")
    assert Settings.load(tmp_path / "s.json") == settings
