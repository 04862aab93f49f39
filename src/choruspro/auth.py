"""The PISTE token: asked with the application's credentials, kept until a margin before its end, shared by all threads.

The request is a form (nine clients of ten); HTTP Basic is the other accepted form. The answer is checked before use,
because PISTE once returned an empty one (specifications/gateway-and-authentication.md §2).
"""

from __future__ import annotations

import re
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NoReturn
from urllib.parse import urlencode

import msgspec

from choruspro import sentences
from choruspro.credentials import Credentials
from choruspro.errors import Busy, CredentialsRefused, Surprising
from choruspro.evidence import Masker
from choruspro.reading import RawAnswer, retry_after

__all__ = ["DESK", "Token", "TokenCache", "read_token", "token_request"]

DESK = "piste/token"
MARGIN = timedelta(seconds=60)

_CLIENT_ERRORS = {"invalid_client", "unauthorized_client", "invalid_grant", "access_denied"}


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer and the aware instant from which it is no longer used."""

    value: str = field(repr=False)
    use_before: datetime


class TokenCache:
    """Tokens by (token address, PISTE application), safe between threads; one cache may serve any number of clients."""

    def __init__(self) -> None:
        self._tokens: dict[tuple[str, str], Token] = {}
        self._fetching: dict[tuple[str, str], threading.Lock] = {}
        self._guard = threading.Lock()

    def get(self, key: tuple[str, str], now: datetime) -> Token | None:
        """Return the token of `key` if it can still be used at `now`."""
        token = self._tokens.get(key)
        return token if token is not None and now < token.use_before else None

    def put(self, key: tuple[str, str], token: Token) -> None:
        """Keep a fresh token."""
        with self._guard:
            self._tokens[key] = token

    def drop(self, key: tuple[str, str], worn: str) -> None:
        """Forget the token of `key` if it is still the one that was refused."""
        with self._guard:
            token = self._tokens.get(key)
            if token is not None and token.value == worn:
                del self._tokens[key]

    def forget(self, key: tuple[str, str]) -> None:
        """Forget the token of `key`, so that the next call proves the credentials again."""
        with self._guard:
            self._tokens.pop(key, None)

    def fetching(self, key: tuple[str, str]) -> AbstractContextManager[Any]:
        """Return the lock under which the token of `key` is asked, so that threads ask once for all."""
        with self._guard:
            return self._fetching.setdefault(key, threading.Lock())


def token_request(credentials: Credentials, *, basic: bool) -> tuple[dict[str, str], bytes]:
    """Build the headers and the form body of a token request."""
    form = {"grant_type": "client_credentials", "scope": "openid"}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    if basic:
        headers["Authorization"] = credentials.basic_header()
    else:
        form |= {"client_id": credentials.client_id, "client_secret": credentials.client_secret}
    return headers, urlencode(form).encode("ascii")


def read_token(raw: RawAnswer, masker: Masker) -> Token:
    """Read the token desk's answer.

    Raises CredentialsRefused (`piste`) for a refused application, Busy for a degenerate answer or an overload,
    Surprising for anything else.
    """
    if raw.status != 200:
        _refused(raw, masker)
    content = _json(raw.body)
    value, lifetime = content.get("access_token"), _seconds(content.get("expires_in"))
    bearer = str(content.get("token_type", "")).lower() == "bearer"
    if not (bearer and isinstance(value, str) and re.fullmatch(r"[\x21-\x7e]+", value) and lifetime):
        raise Busy(sentences.BEARER_EMPTY, **_facts(raw, masker))
    life = timedelta(seconds=lifetime)
    return Token(value, raw.now + life - min(MARGIN, life / 2))


def _seconds(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    return value if isinstance(value, int) and 0 < value < 10**8 else None


def _refused(raw: RawAnswer, masker: Masker) -> NoReturn:
    error = _json(raw.body).get("error")
    facts = _facts(raw, masker)
    if error in _CLIENT_ERRORS or raw.status == 401:
        raise CredentialsRefused(sentences.PISTE_CLIENT, which="piste", **facts)
    if raw.status == 429:
        raise Busy(sentences.QUOTA, retry_after=retry_after(raw), **facts)
    if raw.status >= 500:
        raise Busy(sentences.BUSY, retry_after=retry_after(raw), **facts)
    raise Surprising(sentences.surprising(raw.status), **facts)


def _facts(raw: RawAnswer, masker: Masker) -> dict[str, Any]:
    evidence = masker.evidence(raw.status, raw.headers, raw.body)
    return {"operation": DESK, "http_status": raw.status, "request_id": raw.request_id, "evidence": evidence}


def _json(body: bytes) -> dict[str, Any]:
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return content if isinstance(content, dict) else {}
