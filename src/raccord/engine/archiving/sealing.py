"""The seal of each day: the head of the journal, stamped by an authority when one is configured (RFC 3161).

Whoever holds a stamped seal can prove that no event before it was written or changed afterwards.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from raccord.domain.clock import PARIS
from raccord.domain.errors import Misconfigured, RaccordError, Unavailable
from raccord.engine.archiving.der import in_order
from raccord.engine.foundation.ground import Ground
from raccord.store import journal
from raccord.store.archive import rows as archive_rows
from raccord.store.archive.rows import Seal

_log = logging.getLogger("raccord.engine.archiving")
_PATIENCE_S = 30.0
_HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


@dataclass(frozen=True)
class Authority:
    """Who stamps: its address, and the file of the root certificates (PEM) in which we trust."""

    url: str
    roots: Path | None


def seal_today(ground: Ground, authority: Authority | None) -> Seal | None:
    """Seal the day (once), then have stamped what no authority has stamped yet; gives today's seal if there is one.

    An authority that does not answer is tried again at the next passage: the seal itself never waits for it.
    """
    now = ground.clock()
    day = now.astimezone(PARIS).date()
    with ground.store.begin() as conn:
        seq, digest = archive_rows.head(conn)
        if seq:
            archive_rows.seal(conn, Seal(day, seq, digest, now))
    if authority:
        _stamp_all(ground, authority)
    with ground.store.read() as conn:
        return next((one for one in archive_rows.all_seals(conn, 1) if one.day == day), None)


def _stamp_all(ground: Ground, authority: Authority) -> None:
    with ground.store.read() as conn:
        waiting = archive_rows.all_seals(conn, 30, unstamped=True)
    for one in waiting:
        try:
            token, at = ask(authority, one.message)
        except RaccordError as error:
            _log.warning("seal of %s not stamped: %s", one.day, error)
            return
        with ground.store.begin() as conn:
            archive_rows.stamp(conn, one.day, authority.url, token, at)
            facts: dict[str, Any] = {
                "day": one.day.isoformat(),
                "seq": one.seq,
                "authority": authority.url,
                "at": at.isoformat(),
            }
            journal.append(conn, ground.event("archive", "archive.stamped", **facts))


def ask(authority: Authority, message: bytes) -> tuple[bytes, datetime]:
    """Have a message stamped: the answer of the authority, verified, and its hour.

    Raises `Unavailable` (`HORODATAGE_INDISPONIBLE`, `HORODATAGE_REFUSE`), `Misconfigured` (`HORODATAGE_CERTIFICATS`).
    """
    builder = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256)
    request = builder.cert_request(cert_request=True).build()
    try:
        answer = httpx2.post(authority.url, content=request.as_bytes(), headers=_HEADERS, timeout=_PATIENCE_S)
        answer.raise_for_status()
    except httpx2.HTTPError as error:
        raise Unavailable(
            "HORODATAGE_INDISPONIBLE",
            f"L’autorité d’horodatage ne répond pas ({type(error).__name__}).",
            "Raccord réessaiera dans une heure ; vérifiez RACCORD_TIMESTAMP_URL si cela dure.",
        ) from error
    return answer.content, check(answer.content, message, authority.roots, nonce=request.nonce)


def check(token: bytes, message: bytes, roots: Path | None, nonce: int | None = None) -> datetime:
    """The hour that the authority vouches for; its signature is verified against `roots` when they are given.

    Raises `Unavailable` (`HORODATAGE_REFUSE`) when the answer is not a stamp of that very message.
    """
    try:
        answer = decode_timestamp_response(in_order(token))
        if roots is None:
            _check_imprint(answer.tst_info.message_imprint.message, message)
        else:
            builder = VerifierBuilder(roots=load_roots(roots), nonce=nonce)
            builder.build().verify_message(answer, message)
        return answer.tst_info.gen_time
    except (VerificationError, ValueError) as error:
        raise Unavailable(
            "HORODATAGE_REFUSE",
            f"La réponse de l’autorité d’horodatage n’est pas un horodatage valable : {error}.",
            "Vérifiez RACCORD_TIMESTAMP_URL et RACCORD_TIMESTAMP_CA_FILE.",
        ) from error


def _check_imprint(imprint: bytes, message: bytes) -> None:
    if imprint != hashlib.sha256(message).digest():
        raise ValueError("it stamps something else")


def load_roots(file: Path) -> list[x509.Certificate]:
    """The certificates of a PEM file. Raises `Misconfigured`."""
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as error:
        raise Misconfigured(
            "HORODATAGE_CERTIFICATS",
            f"Le fichier des certificats d’horodatage « {file} » ne peut pas être lu.",
            "Indiquez dans RACCORD_TIMESTAMP_CA_FILE un fichier PEM des certificats racines de l’autorité.",
        ) from error
