"""What was read from one invoice file, whatever its syntax."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

from chorus_simulator.model import LignePoste, LigneTva

PROLOG = 64 * 1024
LARGE = 9_000_000


class Inadmissible(Exception):
    """The file cannot be taken as an invoice of the announced syntax: a technical error of the flux."""

    def __init__(self, code: str, libelle: str) -> None:
        super().__init__(libelle)
        self.code, self.libelle = code, libelle


@dataclass(slots=True)
class Attached:
    """A file inside an invoice; `contenu` is None when it is announced without content."""

    nom: str
    mime: str
    contenu: bytes | None
    principal: bool = False


@dataclass(slots=True)
class Party:
    """`identifiant` is the SIRET where the file gives one, else what it gives; `schema` its scheme."""

    identifiant: str = ""
    schema: str = ""
    nom: str = ""


@dataclass(slots=True)
class Document:
    """`chemins` gives the path the platform prints in a rejection for each field it may miss."""

    syntaxe: str
    chemins: dict[str, str]
    numero: str = ""
    jour: date | None = None
    type_code: str = ""
    cadre: str = ""
    fournisseur: Party = field(default_factory=Party)
    destinataire: Party = field(default_factory=Party)
    valideur: str = ""
    service: str = ""
    engagement: str = ""
    marche: str = ""
    devise: str = ""
    paiement: str = ""
    iban: str = ""
    ht: Decimal | None = None
    tva: Decimal | None = None
    ttc: Decimal | None = None
    a_payer: Decimal | None = None
    tvas: list[LigneTva] = field(default_factory=list)
    lignes: list[LignePoste] = field(default_factory=list)
    origine: str = ""
    livraison: date | None = None
    echeance: date | None = None
    motif_exoneration: str = ""
    attaches: list[Attached] = field(default_factory=list)


def decimal_of(value: str | None) -> Decimal | None:
    """The number written there, None when there is none or it is no finite number."""
    try:
        read = Decimal((value or "").strip())
    except InvalidOperation:
        return None
    return read if read.is_finite() and abs(read.adjusted()) < 20 else None


def day_of(value: str | None) -> date | None:
    """`2026-11-21` or `20261121`, None otherwise."""
    try:
        return date.fromisoformat((value or "").strip()[:10])
    except ValueError:
        return None


def parse(data: bytes) -> etree._Element:
    """The root of an XML document. Raises `Inadmissible` on anything else, and on a DOCTYPE."""
    if b"<!DOCTYPE" in data[:PROLOG]:
        raise _doctype()
    large = len(data) > LARGE  # without need, the parser keeps its guards against bombs
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=large, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Inadmissible("XML_MALFORME", f"Le fichier n'est pas un document XML bien formé : {error}") from None
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None:
        raise _doctype()
    return root


def _doctype() -> Inadmissible:
    return Inadmissible("XML_DOCTYPE", "Le fichier contient une déclaration DOCTYPE, qui n'est pas admise.")


def siret_first(candidates: list[tuple[str, str]]) -> tuple[str, str]:
    """Among (scheme, identifier) pairs, the first that is shaped like a SIRET, else the first of all."""
    cleaned = [(scheme, identifier.replace(" ", "")) for scheme, identifier in candidates if identifier.strip()]
    for scheme, identifier in cleaned:
        if len(identifier) == 14 and identifier.isdigit() and scheme not in ("0088", "0060"):
            return scheme, identifier
    return cleaned[0] if cleaned else ("", "")
