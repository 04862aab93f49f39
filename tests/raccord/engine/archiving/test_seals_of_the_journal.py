"""Each day the head of the journal is sealed; an authority's stamp proves that nothing was written afterwards."""

from __future__ import annotations

import datetime
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from raccord.domain.errors import Misconfigured, Unavailable
from raccord.engine.archiving import ArchiveRules, Archiving
from raccord.engine.archiving.der import in_order
from raccord.engine.archiving.sealing import Authority, ask, check
from raccord.engine.gateway import Gateway

_DER = serialization.Encoding.DER


def _archiving(gateway: Gateway, authority: Any) -> Archiving:
    return Archiving(gateway.ground, ArchiveRules(authority=Authority(authority.url, authority.roots)))


def test_a_day_is_sealed_once_and_an_empty_journal_is_not(gateway: Gateway, diary: Any) -> None:
    assert gateway.archiving.seal() is None
    gateway.journal.note("user/1", "user.created", "alice")
    first = gateway.archiving.seal()
    assert first is not None
    assert (first.seq, first.token) == (1, None)
    gateway.journal.note("user/1", "user.changed", "alice")
    assert gateway.archiving.seal() == first
    diary.passes(days=1)
    second = gateway.archiving.seal()
    assert second is not None
    assert second.seq == 2
    assert [one.seq for one in gateway.archiving.seals()] == [2, 1]


def test_the_job_seals_by_itself(gateway: Gateway) -> None:
    gateway.journal.note("user/1", "user.created", "alice")
    gateway.jobs.run("archive.seal", "*", {})
    assert len(gateway.archiving.seals()) == 1


def test_an_authority_stamps_the_head_and_openssl_agrees(gateway: Gateway, authority: Any, tmp_path: Path) -> None:
    gateway.journal.note("user/1", "user.created", "alice")
    sealed = _archiving(gateway, authority).seal()
    assert sealed is not None
    assert sealed.token is not None
    assert sealed.stamped_at == check(sealed.token, sealed.message, authority.roots)
    (tmp_path / "seal.txt").write_bytes(sealed.message)
    (tmp_path / "seal.tsr").write_bytes(sealed.token)
    command = ["openssl", "ts", "-verify", "-data", tmp_path / "seal.txt", "-in", tmp_path / "seal.tsr"]
    answer = subprocess.run([*command, "-CAfile", authority.roots], check=False, capture_output=True, text=True)
    assert "Verification: OK" in answer.stdout + answer.stderr
    assert gateway.journal.latest(1)[0].kind == "archive.stamped"


def test_the_order_of_the_certificates_is_the_authority_s_own_affair(authority: Any) -> None:
    """Authorities give their chain in any order; the reader wants it sorted, the answer is kept as it came."""
    message = b"la tete du journal"
    trusted = Authority(authority.url, authority.roots)
    token, at = ask(trusted, message)
    straight = in_order(token)
    assert (len(straight), in_order(straight)) == (len(token), straight)
    pems = [(authority.roots.parent / name).read_bytes() for name in ("tsa.pem", "chain.pem")]
    first, second = sorted(x509.load_pem_x509_certificate(pem).public_bytes(_DER) for pem in pems)
    assert first + second in straight
    upside_down = straight.replace(first + second, second + first)
    assert upside_down != straight
    assert check(upside_down, message, authority.roots) == check(straight, message, authority.roots) == at


@given(st.binary(max_size=60))
def test_what_is_no_answer_is_left_as_it_is(noise: bytes) -> None:
    assert sorted(in_order(noise)) == sorted(noise)
    with pytest.raises(Unavailable, match="HORODATAGE_REFUSE"):
        check(noise, b"la tete du journal", None)


def test_a_silent_authority_is_asked_again_later(gateway: Gateway, authority: Any, diary: Any) -> None:
    gateway.journal.note("user/1", "user.created", "alice")
    authority.answers = False
    archiving = _archiving(gateway, authority)
    sealed = archiving.seal()
    assert sealed is not None
    assert sealed.token is None
    authority.answers = True
    diary.passes(days=1)
    archiving.seal()
    assert [one.token is not None for one in archiving.seals()] == [True, True]


def test_a_stamp_of_something_else_or_by_somebody_else_is_refused(authority: Any, tmp_path: Path) -> None:
    token, _ = ask(Authority(authority.url, authority.roots), b"la tete du journal")
    with pytest.raises(Unavailable, match="HORODATAGE_REFUSE"):
        check(token, b"une autre tete", authority.roots)
    with pytest.raises(Unavailable, match="HORODATAGE_REFUSE"):
        check(token, b"une autre tete", None)
    with pytest.raises(Unavailable, match="HORODATAGE_REFUSE"):
        check(b"bonjour", b"la tete du journal", authority.roots)
    stranger = tmp_path / "stranger.pem"
    stranger.write_bytes((authority.roots.parent / "tsa.pem").read_bytes())
    key, now = rsa.generate_private_key(65537, 2048), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Racine de test")])
    false = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(now).not_valid_after(now + datetime.timedelta(days=9))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    stranger.write_bytes(false.public_bytes(serialization.Encoding.PEM))
    with pytest.raises(Unavailable, match="HORODATAGE_REFUSE"):
        check(token, b"la tete du journal", stranger)


def test_an_unreadable_file_of_certificates_is_named(authority: Any, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="RACCORD_TIMESTAMP_CA_FILE"):
        ask(Authority(authority.url, tmp_path / "absent.pem"), b"la tete du journal")
