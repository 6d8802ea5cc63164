"""Pack pinned front-end files from npm into static/vendor/NAME-VERSION/ (developer tool, needs npm).

    python3 tools/vendor_pack.py            # fetch every package below and rewrite static/vendor/MANIFEST.json

Users never run it. Files are taken byte for byte; a trailing source-map comment is the one thing removed, because the
map is not shipped and hashed static storage would look for it. The manifest names version, licence, source address and
the SHA-256 of every file.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
SOURCE_MAP = re.compile(rb"\n?(/\*# sourceMappingURL=[^*]+\*/|//# sourceMappingURL=\S+)\s*$")

MIT_TEXT = """MIT License

{copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


@dataclass(frozen=True)
class Package:
    """One npm package: its folder name here, the pinned version, its licence and the files taken."""

    name: str
    npm: str
    version: str
    licence: str
    homepage: str
    files: dict[str, str]
    licence_files: tuple[str, ...] = ("LICENSE",)
    copyright: str = ""


PACKAGES = (
    Package(
        name="tabler",
        npm="@tabler/core",
        version="1.6.1",
        licence="MIT",
        homepage="https://tabler.io",
        files={"dist/css/tabler.min.css": "tabler.min.css"},
        licence_files=(),
        copyright="Copyright (c) 2018-2026 The Tabler Authors\nCopyright (c) 2018-2026 codecalm.net Paweł Kuna",
    ),
    Package(
        name="echarts",
        npm="echarts",
        version="6.1.0",
        licence="Apache-2.0",
        homepage="https://echarts.apache.org",
        files={"dist/echarts.min.js": "echarts.min.js"},
        licence_files=("LICENSE", "NOTICE"),
    ),
    Package(
        name="ibm-plex-sans",
        npm="@fontsource-variable/ibm-plex-sans",
        version="5.3.0",
        licence="OFL-1.1",
        homepage="https://github.com/IBM/plex",
        files={
            "files/ibm-plex-sans-latin-wdth-normal.woff2": "ibm-plex-sans-latin-wdth-normal.woff2",
            "files/ibm-plex-sans-latin-ext-wdth-normal.woff2": "ibm-plex-sans-latin-ext-wdth-normal.woff2",
        },
    ),
)


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch(package: Package, work: Path) -> Path:
    """Download one package by the ordinary npm client and unpack it; returns the unpacked folder."""
    spec = f"{package.npm}@{package.version}"
    done = subprocess.run(["npm", "pack", "--silent", spec], cwd=work, check=True, capture_output=True, text=True)
    archive = work / done.stdout.strip().splitlines()[-1]
    folder = work / package.name
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / "package"


def pack(package: Package, unpacked: Path) -> dict[str, object]:
    """Copy the chosen files and the licence; returns the manifest entry."""
    target = VENDOR / f"{package.name}-{package.version}"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for source, name in package.files.items():
        (target / name).write_bytes(SOURCE_MAP.sub(b"\n", (unpacked / source).read_bytes()))
    for name in package.licence_files:
        shutil.copyfile(unpacked / name, target / name)
    if package.copyright:
        (target / "LICENSE").write_text(MIT_TEXT.format(copyright=package.copyright), encoding="utf-8")
    return {
        "name": package.name,
        "npm": package.npm,
        "version": package.version,
        "licence": package.licence,
        "homepage": package.homepage,
        "folder": target.name,
        "files": {path.name: sha256_of(path) for path in sorted(target.iterdir())},
    }


def main() -> None:
    """Fetch, pack and write the manifest."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        entries = []
        for package in PACKAGES:
            work = Path(folder) / f"npm-{package.name}"
            work.mkdir()
            entries.append(pack(package, fetch(package, work)))
    manifest = json.dumps({"packages": entries}, indent=2, ensure_ascii=False)
    (VENDOR / "MANIFEST.json").write_text(manifest + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
