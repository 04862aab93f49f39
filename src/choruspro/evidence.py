"""What an answer looked like, kept for the doctor and for support, with every secret masked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

import httpx2

__all__ = ["Evidence", "Masker"]

KEPT_HEADERS = ("www-authenticate", "content-type", "retry-after", "server", "via", "location", "allow")
BODY_LIMIT = 65_536

# A token that could not be used is a secret all the same: the odd answer that brought it may be kept as evidence.
_BEARER = re.compile(r'("access_token"\s*:\s*"|Bearer )[A-Za-z0-9._~+/=-]{8,}')


@dataclass(frozen=True, slots=True)
class Evidence:
    """One raw answer: `headers` are the few that help a diagnosis, `body` at most 64 KiB of text, secrets masked."""

    http_status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


class Masker:
    """Replaces each known secret by `***`, also in the forms it takes in a JSON text or in a form body."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets for form in _forms(secret)}
        self._forms = sorted(forms, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return `text` without any of the secrets."""
        for form in self._forms:
            text = text.replace(form, "***")
        return _BEARER.sub(r"\1***", text)

    def evidence(self, http_status: int, headers: httpx2.Headers, body: bytes) -> Evidence:
        """Keep an answer, masked."""
        kept = {name: self(headers[name]) for name in KEPT_HEADERS if name in headers}
        return Evidence(http_status, kept, self(body[:BODY_LIMIT].decode("utf-8", "replace")))


def _forms(secret: str) -> set[str]:
    if len(secret) < 3:  # a secret of one or two characters would turn any text into stars
        return set()
    in_json = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    return {secret, quote(secret, safe=""), quote_plus(secret), *in_json}
