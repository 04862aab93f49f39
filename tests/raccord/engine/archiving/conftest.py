"""A town whose invoices were fetched from the simulator, and an authority that stamps (openssl behind HTTP)."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from raccord.domain.connection import Structure
from raccord.domain.reception import Reception
from raccord.engine.gateway import Gateway

TOWN = "21970999400017"


@pytest.fixture
def fetched(gateway: Gateway, commune: Structure, bench: Any, diary: Any) -> Callable[..., tuple[Reception, ...]]:
    """Have the simulator send the town so many invoices, fetch them, and give them back in order."""
    gateway.inbox.begin("s1", diary() - timedelta(days=30), "bob@val-fictif.fr")

    def fetch(count: int = 1, **more: Any) -> tuple[Reception, ...]:
        before = len(gateway.inbox.since(0))
        bench.control("POST", "/factures", destinataire=TOWN, count=count, **more)
        for _ in range(6):
            diary.passes(minutes=20)
            gateway.jobs.run_due()
        found = [reception for _, reception in gateway.inbox.since(0, limit=1000)][before:]
        assert len(found) == count
        return tuple(found)

    return fetch


@dataclass
class StampingAuthority:
    """An authority on a free port: its address, the file of its root, and whether it answers."""

    url: str
    roots: Path
    answers: bool = True


def _certificates(folder: Path) -> None:
    """A root, an intermediate authority and the one that stamps, as the real authorities have them."""
    now = datetime.now(UTC)
    keys = {name: rsa.generate_private_key(65537, 2048) for name in ("Racine", "Intermédiaire", "Horodateur")}

    def certificate(name: str, issuer: str, extension: x509.ExtensionType) -> bytes:
        names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{one} de test")]) for one in (name, issuer)]
        builder = x509.CertificateBuilder().subject_name(names[0]).issuer_name(names[1])
        builder = builder.public_key(keys[name].public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=3650))
        signed = builder.add_extension(extension, critical=True).sign(keys[issuer], hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM)

    authority = x509.BasicConstraints(ca=True, path_length=None)
    leaf = certificate("Horodateur", "Intermédiaire", x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]))
    (folder / "root.pem").write_bytes(certificate("Racine", "Racine", authority))
    (folder / "tsa.pem").write_bytes(leaf)
    (folder / "chain.pem").write_bytes(certificate("Intermédiaire", "Racine", authority))
    pem, no_password = serialization.Encoding.PEM, serialization.NoEncryption()
    key = keys["Horodateur"].private_bytes(pem, serialization.PrivateFormat.PKCS8, no_password)
    (folder / "key.pem").write_bytes(key)
    (folder / "tsa.cnf").write_text(_CONFIGURATION.format(folder=folder))
    (folder / "serial").write_text("01\n")


_CONFIGURATION = """\
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/chain.pem
signer_key = {folder}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[StampingAuthority]:
    """A real authority: certificates of its own, answers made by openssl."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("pas d’autorité d’horodatage : openssl n’est pas installé")
    folder = tmp_path / "tsa"
    folder.mkdir()
    _certificates(folder)

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            if not known.answers:
                self.send_error(503)
                return
            (folder / "q.tsq").write_bytes(question)
            command = [openssl, "ts", "-reply", "-queryfile", folder / "q.tsq", "-config", folder / "tsa.cnf"]
            answer = subprocess.run(command, capture_output=True, check=True).stdout
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    known = StampingAuthority(f"http://127.0.0.1:{server.server_port}/", folder / "root.pem")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield known
    server.shutdown()
    server.server_close()
