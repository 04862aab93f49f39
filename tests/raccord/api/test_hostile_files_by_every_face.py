"""A file that attacks is refused with the same sentence by REST, on the page and in the folder; nothing of it stays."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from raccord.domain.roles import Permission, Role
from raccord.formats.pdf import attached_files, opened
from raccord.formats.sample import make_invoice, write_sample
from raccord.hotfolder import Naming, WatchedFolder


def _xml(change: Callable[[bytes], bytes]) -> bytes:
    return change(write_sample(make_invoice(7), "cii"))


def _pdf(change: Callable[[pikepdf.Pdf], None], **saving: Any) -> bytes:
    with pikepdf.open(io.BytesIO(write_sample(make_invoice(7), "facturx"))) as document:
        change(document)
        out = io.BytesIO()
        document.save(out, **saving)
    return out.getvalue()


def _opens(kind: str, **what: str) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        action = pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), **what)
        document.Root.OpenAction = document.make_indirect(action)

    return change


def _inflates(document: pikepdf.Pdf) -> None:
    document.attachments["factur-x.xml"].obj.EF.F.write(
        zlib.compress(b" " * 60_000_000), filter=pikepdf.Name.FlateDecode
    )


def _zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("facture.xml", b"0" * 50_000_000)
    return out.getvalue()


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{rank} "{f"&a{rank - 1};" * 10}">' for rank in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "lol">{entities}]><l>&a9;</l>'.encode()


HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "external entity": (
        "f.xml",
        lambda: b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
        "déclaration DOCTYPE",
    ),
    "a billion laughs": ("f.xml", _laughs, "déclaration DOCTYPE"),
    "zip bomb": ("f.zip", _zip_bomb, "pas une facture que Raccord sait lire"),
    "deep XML": ("f.xml", lambda: b"<a>" * 200_000, "mal formé"),
    "wrong encoding": (
        "f.xml",
        lambda: _xml(lambda good: good.replace(b"<ram:ID>", b"<ram:ID>\xe9", 1)),
        "autre encodage",
    ),
    "NUL": ("f.xml", lambda: _xml(lambda good: good.replace(b"<ram:ID>", b"<ram:ID>\x00", 1)), "mal formé"),
    "JavaScript": ("f.pdf", lambda: _pdf(_opens("JavaScript", JS="app.alert(1)")), "programme JavaScript"),
    "Launch": ("f.pdf", lambda: _pdf(_opens("Launch", F="cmd.exe")), "lance un programme"),
    "encrypted": (
        "f.pdf",
        lambda: _pdf(lambda _: None, encryption=pikepdf.Encryption(owner="a", user="b")),
        "mot de passe",
    ),
    "truncated": ("f.pdf", lambda: _pdf(lambda _: None)[:20_000], "endommagé"),
    "inflating": ("f.pdf", lambda: _pdf(_inflates), "une fois décompressé"),
    "eleven megabytes": ("f.pdf", lambda: b"%PDF-1.7\n" + b"0" * 11_000_000, "Mo par fichier"),
    "deep JSON": ("f.json", lambda: b'{"a":' * 100_000, "JSON lisible"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_by_every_face_and_not_kept(office: Any, name: str, tmp_path: Path) -> None:
    filename, make, sentence = HOSTILE[name]
    data = make()
    office.connect()
    kept_before = set(office.gateway.archive.shelf.names())
    told = office.program(Permission.DEPOSIT).post("deposits", files={"file": (filename, data)})
    assert (told.status_code, told.json()["code"]) == (422, "FICHIER_ILLISIBLE")
    assert sentence in told.json()["detail"]
    visitor = office.visitor(Role.COMPTABLE).open("depots")
    seal = {"x-csrftoken": visitor.http.cookies["raccord_csrf"]}
    shown = visitor.http.post(f"{office.url}/depots", files={"fichiers": (filename, data)}, headers=seal)
    assert shown.status_code == 200
    assert sentence in shown.text.replace("&#39;", "'")
    assert "Traceback" not in shown.text + told.text
    if not filename.endswith(".json"):  # data wait there for their PDF
        assert sentence in _by_folder(office, tmp_path / "echange", filename, data)
    assert set(office.gateway.archive.shelf.names()) == kept_before


def _by_folder(office: Any, root: Path, filename: str, data: bytes) -> str:
    """What the folder says of that file, in the sheet laid beside it."""
    folder = WatchedFolder(office.gateway, root, Naming())
    folder.look()
    (root / "a-deposer" / filename).write_bytes(data)
    for _ in range(4):
        folder.look()
        office.hours.pass_by(3600)
    laid = [path for path in (root / "a-corriger").rglob("*") if path.is_file() and path.read_bytes() != data]
    return " ".join(path.read_text() for path in laid)


def test_ten_thousand_files_in_a_pdf_are_each_named_once() -> None:
    """They stand in two lists, that of the names and that of what the document associates."""
    assert _files_named(_stuffed(10_000)) == 10_001


def _stuffed(count: int) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        names, associated = list(document.Root.Names.EmbeddedFiles.Names), list(document.Root.AF)
        for rank in range(count):
            kept = pikepdf.Dictionary(F=document.make_stream(b"x"))
            spec = pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F=f"f{rank}", UF=f"f{rank}", EF=kept)
            names += [pikepdf.String(f"f{rank:06}"), document.make_indirect(spec)]
            associated.append(names[-1])
        document.Root.Names.EmbeddedFiles.Names = pikepdf.Array(names)
        document.Root.AF = pikepdf.Array(associated)

    return _pdf(change)


def _files_named(data: bytes) -> int:
    with opened(data) as document:
        return sum(entry.in_af for entry in attached_files(document))


def test_a_name_hides_nothing_from_who_reads_it(office: Any) -> None:
    office.connect()
    program = office.program(Permission.READ, Permission.DEPOSIT)
    names = {
        "../../etc/passwd.xml": "passwd.xml",
        "a\x00b\r\nc.xml": "abc.xml",
        "fac\u202elmx.exe.xml": "faclmx.exe.xml",
    }
    for rank, (given, kept) in enumerate(names.items()):
        told = program.post("deposits", content=office.invoice(f"F-{rank}"), params={"filename": given})
        assert told.status_code == 201, told.text
        assert told.json()["filename"] == kept
        saved = program.get(f"deposits/{told.json()['id']}/original").headers["content-disposition"]
        assert saved.endswith(f"''{kept}")
