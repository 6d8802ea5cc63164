"""A ready mapping for a known kind of file, recognised by its headers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pmo.kit.registry import Registry, import_all
from projects.imports import headers


@dataclass(frozen=True, slots=True)
class Preset:
    """`signature`: headers (or beginnings, with `*`) that all have to be there for the file to be of this kind."""

    key: str
    name: str
    target: str
    about: str
    signature: tuple[str, ...]
    mapping: Mapping[str, Any]
    options: Mapping[str, Any]

    def fits(self, names: Sequence[str]) -> bool:
        return all(headers.find(wanted, names) is not None for wanted in self.signature)


PRESETS: Final[Registry[Preset]] = Registry("ready mapping")


def all_presets() -> list[Preset]:
    """Every ready mapping that ships with the product, by name."""
    import_all("projects.imports.presets")
    return sorted(PRESETS, key=lambda preset: preset.name)


def sniff(names: Sequence[str]) -> Preset | None:
    """The ready mapping whose whole signature is among the headers; the one with the longest signature if several."""
    fitting = [preset for preset in all_presets() if preset.fits(names)]
    return max(fitting, key=lambda preset: len(preset.signature), default=None)
