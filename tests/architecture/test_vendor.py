"""The front-end files carried in static/vendor are exactly those the manifest names."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"
PACKAGES = json.loads((VENDOR / "MANIFEST.json").read_text(encoding="utf-8"))["packages"]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_every_vendored_file_has_the_recorded_sha256(package: dict) -> None:
    folder = VENDOR / package["folder"]
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    assert found == package["files"]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_every_vendored_package_brings_its_licence_and_its_version_in_the_folder_name(package: dict) -> None:
    assert "LICENSE" in package["files"]
    assert package["licence"] in {"MIT", "Apache-2.0", "OFL-1.1"}
    assert package["folder"] == f"{package['name']}-{package['version']}"


def test_no_folder_lies_in_vendor_that_the_manifest_does_not_name() -> None:
    assert {path.name for path in VENDOR.iterdir() if path.is_dir()} == {package["folder"] for package in PACKAGES}


def test_vendored_text_asks_for_no_source_map_and_no_foreign_host() -> None:
    for package in PACKAGES:
        for name in package["files"]:
            if name.endswith((".css", ".js")):
                text = (VENDOR / package["folder"] / name).read_text(encoding="utf-8")
                assert "sourceMappingURL" not in text, name
                assert not re.search(r"""(@import|url\()\s*["']?(https?:)?//""", text), name


def test_templates_name_only_vendor_folders_that_exist() -> None:
    folders = {package["folder"] for package in PACKAGES}
    named = set()
    for template in [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "css").glob("*.css")]:
        named |= set(re.findall(r"vendor/([A-Za-z0-9.\-]+)/", template.read_text(encoding="utf-8")))
    assert named == folders
