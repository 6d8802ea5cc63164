"""Codes people make up, as one step of an address: a slash in a code must not become another step."""

from __future__ import annotations

from django.urls import register_converter

TILDE, SLASH = "~7E", "~2F"


class CodeConverter:
    """`<code:name>`: any text without a slash in the address; `~2F` stands for one in the code."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        return value.replace(SLASH, "/").replace(TILDE, "~")

    def to_url(self, value: str) -> str:
        return value.replace("~", TILDE).replace("/", SLASH)


register_converter(CodeConverter, "code")
