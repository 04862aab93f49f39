"""One answer of Chorus Pro, read: the answer it holds, or the error that says what to do (specifications/errors.md §1).

The order is the platform's: HTTP status, then `WWW-Authenticate`, then `codeRetour` and `libelle`. A `codeRetour` other
than 0 is a refusal even on HTTP 200, except the "no result" codes of searches.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn, Protocol, TypeVar

import httpx2
import msgspec

from choruspro import sentences
from choruspro.decoding import decode
from choruspro.errors import Busy, CredentialsRefused, Refused, Surprising, TooLarge
from choruspro.evidence import Masker

__all__ = ["RawAnswer", "Readable", "bearer_expired", "code_of", "is_technical_account_refusal", "read", "retry_after"]

Ans_co = TypeVar("Ans_co", covariant=True)
Ans = TypeVar("Ans")

_MESSAGE_CODE = re.compile(r"[A-Z]{3}_MSG_\d{2}[._]\d{3}")
_NO_RESULT_LABELS = ("TRA_MSG_00.015", "GFT_MSG_01.075")
_MAINTENANCE = re.compile(rb"maintenance|indisponib|unavailable", re.IGNORECASE)


class Readable(Protocol[Ans_co]):
    """What reading an answer needs to know of its operation."""

    name: str
    writes: bool
    no_result: frozenset[int]
    too_large: frozenset[int]
    envelope: bool

    @property
    def answer(self) -> type[Ans_co]:
        """The type of the answer."""


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """Status, headers and whole body of one HTTP answer; `now` is when it came, to read a dated `Retry-After`."""

    status: int
    headers: httpx2.Headers
    body: bytes
    now: datetime

    @property
    def request_id(self) -> str | None:
        """Return PISTE's name for this exchange, to quote to its support."""
        return self.headers.get("x-piste-request-id")


class _Envelope(msgspec.Struct):
    """The two fields of any refusal, whatever else the body holds."""

    codeRetour: int | str | None = None
    libelle: str | None = None


def read(operation: Readable[Ans], raw: RawAnswer, masker: Masker) -> Ans:
    """Return the typed answer, or raise the error of `choruspro.errors` that fits."""
    if 200 <= raw.status < 300:
        return _success(operation, raw, masker)
    if raw.status in _READERS:
        _READERS[raw.status](operation, raw, masker)
    _functional(operation, raw, masker)
    return _surprise(operation, raw, masker)


def bearer_expired(raw: RawAnswer) -> bool:
    """Tell a worn-out token from a refused technical account: only the first is worth one more try."""
    return raw.status == 401 and not is_technical_account_refusal(raw)


def is_technical_account_refusal(raw: RawAnswer) -> bool:
    """Recognise the two recordings of a refused `cpro-account` (specifications/diagnosis.md §2)."""
    header = raw.headers.get("www-authenticate", "").lower()
    if 'realm="piste"' in header or "login or password" in header:
        return True
    return "LDAP" in (_envelope(raw.body).libelle or "")


def retry_after(raw: RawAnswer) -> float | None:
    """Read `Retry-After`, in seconds from `raw.now`: a number, or an HTTP date. None when absent or unreadable."""
    text = raw.headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - raw.now).total_seconds())


def _success(operation: Readable[Ans], raw: RawAnswer, masker: Masker) -> Ans:
    try:
        answer = decode(operation.answer, raw.body or b"{}")
    except msgspec.DecodeError:
        _not_an_answer(operation, raw, masker)
    code = code_of(answer)
    if code is None and operation.envelope:
        _surprise(operation, raw, masker)
    if code and not _is_no_result(operation, code, _label(answer)):
        _refusal(operation, raw, masker, code, _label(answer))
    return answer


def code_of(answer: Any) -> int | None:
    """Return the `codeRetour` of an answer, None when it carries none."""
    code = answer.get("codeRetour") if isinstance(answer, dict) else getattr(answer, "codeRetour", None)
    return code if isinstance(code, int) else None


def _label(answer: Any) -> str:
    label = answer.get("libelle") if isinstance(answer, dict) else getattr(answer, "libelle", None)
    return str(label or "")


def _is_no_result(operation: Readable[Any], code: int, label: str) -> bool:
    if code not in operation.no_result:
        return False
    named = _MESSAGE_CODE.search(label)
    return named is None or named.group() in _NO_RESULT_LABELS


def _not_an_answer(operation: Readable[Any], raw: RawAnswer, masker: Masker) -> NoReturn:
    """A 2xx that is no JSON: refused all the same when its envelope says so, else a page put in the way."""
    _functional(operation, raw, masker)
    looks_html = "html" in raw.headers.get("content-type", "") or raw.body.lstrip()[:1] == b"<"
    if looks_html and _MAINTENANCE.search(raw.body[:20_000]):
        raise Busy(
            sentences.BUSY, retry_after=retry_after(raw), **_facts(operation, raw, masker, effect=operation.writes)
        )
    _surprise(operation, raw, masker)


def _functional(operation: Readable[Any], raw: RawAnswer, masker: Masker) -> None:
    if not operation.envelope:
        _rest_refusal(operation, raw, masker)
    envelope = _envelope(raw.body)
    code = envelope.codeRetour
    if isinstance(code, str):
        code = int(code) if re.fullmatch(r"[0-9]{1,9}", code) else None
    if code:
        _refusal(operation, raw, masker, code, envelope.libelle or "")


def _rest_refusal(operation: Readable[Any], raw: RawAnswer, masker: Masker) -> None:
    """The organisations directory refuses with an array of `{"error": ..}` (specifications/api/organisations.md)."""
    try:
        errors = msgspec.json.decode(raw.body, type=list[dict[str, Any]])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return
    label = ", ".join(str(error["error"]) for error in errors if "error" in error)
    if label and 400 <= raw.status < 500:
        raise Refused(sentences.refused(raw.status, label), **{**_facts(operation, raw, masker), "libelle": label})


def _refusal(operation: Readable[Any], raw: RawAnswer, masker: Masker, code: int, label: str) -> NoReturn:
    facts = _facts(operation, raw, masker)
    facts.update(code_retour=code, libelle=label)
    if code == 401 or "LDAP" in label:
        raise CredentialsRefused(sentences.TECHNICAL_ACCOUNT, which="technical-account", **facts)
    if "GDP_MSG_11.022" in label or code in operation.too_large:
        raise TooLarge(sentences.too_large(label), **facts)
    raise Refused(sentences.refused(code, label), **facts)


def _unauthorized(operation: Readable[Any], raw: RawAnswer, masker: Masker) -> None:
    facts = _facts(operation, raw, masker)
    envelope = _envelope(raw.body)
    if isinstance(envelope.codeRetour, int):
        facts.update(code_retour=envelope.codeRetour, libelle=envelope.libelle)
    if "invalid_token" in raw.headers.get("www-authenticate", "") and not is_technical_account_refusal(raw):
        raise CredentialsRefused(sentences.BEARER_REFUSED, which="piste", **facts)
    raise CredentialsRefused(sentences.TECHNICAL_ACCOUNT, which="technical-account", **facts)


def _forbidden(operation: Readable[Any], raw: RawAnswer, masker: Masker) -> None:
    _functional(operation, raw, masker)
    if not raw.body.strip():
        raise CredentialsRefused(sentences.ACCESS, which="access", **_facts(operation, raw, masker))


def _size(operation: Readable[Any], raw: RawAnswer, masker: Masker) -> None:
    envelope = _envelope(raw.body)
    facts = _facts(operation, raw, masker)
    if isinstance(envelope.codeRetour, int):
        facts["code_retour"] = envelope.codeRetour
    raise TooLarge(sentences.too_large(envelope.libelle or ""), **{**facts, "libelle": envelope.libelle})


def _overload(operation: Readable[Any], raw: RawAnswer, masker: Masker) -> None:
    done_perhaps = operation.writes and raw.status != 429
    facts = _facts(operation, raw, masker, effect=done_perhaps)
    sentence = sentences.QUOTA if raw.status == 429 else sentences.BUSY
    raise Busy(sentence, retry_after=retry_after(raw), **facts)


def _broken(operation: Readable[Any], raw: RawAnswer, masker: Masker) -> None:
    _functional(operation, raw, masker)
    if _MAINTENANCE.search(raw.body[:20_000]):
        _overload(operation, raw, masker)


_READERS = {
    401: _unauthorized,
    403: _forbidden,
    413: _size,
    429: _overload,
    500: _broken,
    502: _overload,
    503: _overload,
    504: _overload,
}


def _surprise(operation: Readable[Any], raw: RawAnswer, masker: Masker) -> NoReturn:
    answered_no = 300 <= raw.status < 500
    facts = _facts(operation, raw, masker, effect=operation.writes and not answered_no)
    raise Surprising(sentences.surprising(raw.status), **facts)


def _facts(operation: Readable[Any], raw: RawAnswer, masker: Masker, *, effect: bool = False) -> dict[str, Any]:
    return {
        "operation": operation.name,
        "http_status": raw.status,
        "request_id": raw.request_id,
        "evidence": masker.evidence(raw.status, raw.headers, raw.body),
        "effect_unknown": effect,
    }


_envelopes = msgspec.json.Decoder(_Envelope)  # built here: a type read first by two threads at once is fatal


def _envelope(body: bytes) -> _Envelope:
    try:
        return _envelopes.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _Envelope()
