"""A person who reads English meets no French word, on any page, after any refusal, in any answer of the API.

French remains where it is somebody's own: names of structures and files, the labels of the portal (quoted, for
it has no English), codes of the platform, and the invoice itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from lxml import html

from chorus_simulator.seeds import TOWN
from raccord.domain.roles import Permission, Role
from raccord.language import catalogue
from raccord.store.deposits import DepositQuery
from raccord.store.receptions import ReceptionQuery

PLACE = "/options/parametres/systeme/chorus-pro"
PAGES = [
    "/", "/depots", "/depots?etat=fautif", "/depots/saisir", "/depots/{deposit}", "/depots/{deposit}/historique",
    "/depots/{faulty}", "/depots/{platform}", "/receptions", "/receptions/{reception}",
    "/receptions/structures/{structure}", "/recherche", "/recherche?texte=F-2026", "/a-valider", "/annuaire",
    "/annuaire/{siret}", "/echeances", "/journal", "/archive", "/archive/deposit/{deposit}",
    "/archive/reception/{reception}", "/utilisateurs", "/cles-api", "/parametres/webhooks", "/profil", PLACE,
    PLACE + "?modifier={connection}", PLACE + "/{connection}", PLACE + "/{connection}/diagnostic", PLACE + "/nouvelle",
    PLACE + "/importer", PLACE + "/assistant", PLACE + "/assistant?demarche=creation&generation=2016",
    PLACE + "/assistant?demarche=creation&modele=direct", PLACE + "/assistant?demarche=reinitialisation",
    "/aide", "/aide/erreur-de-connexion", "/aide/creation-du-compte-technique",
    "/aide/creation-du-compte-technique?generation=2016", "/aide/reinitialiser-le-mot-de-passe",
    "/aide/reinitialiser-le-mot-de-passe?generation=2016", "/accessibilite", "/api/docs", "/nulle-part",
    "/depots/inconnu", "/receptions/inconnue", "/annuaire/00000000000000", PLACE + "/inconnue",
    "/parametres/webhooks/inconnu", "/archive/deposit/inconnu",
]  # fmt: skip
FRENCH = re.compile(
    r"[éèêàçùôîûœÀÉ«»]|\b(le|la|les|un|une|des|du|ce|cette|et|ou|pour|est|votre|vous|sans|avec|aucun|aucune|par|sur|dans|"
    r"facture|factures|destinataire|fournisseur|connexion)\b",
    re.IGNORECASE,
)
THEIRS = re.compile(
    r"“[^”]*”|Options › Paramètres › Système › Chorus Pro|Français|Entreprise|Superviseur|Comptable|Lecteur|"
    r"Élise HOARAU|1 place de la Mairie|Factures, Structures|Structures, Factures|facture\.schema\.json|Chorus Pro|\bSIRET\b|https?://\S+|/[\w/-]+"
)
ATTRIBUTES = ("aria-label", "title", "placeholder", "data-name", "data-confirm", "alt")
NOT_READ = ("script", "style", "code", "pre", "textarea")


def _words(page: Any) -> Iterator[str]:
    for element in page.iter():
        if not isinstance(element.tag, str) or element.tag in NOT_READ or element.get("lang") == "fr":
            continue
        yield element.text or ""
        yield from (child.tail or "" for child in element)
        yield from (element.get(name, "") for name in ATTRIBUTES)


def _french(text: str, own: set[str]) -> list[str]:
    """What still reads as French on this page, the names that belong to somebody left out."""
    found = []
    for words in {" ".join(one.replace("\u00a0", " ").split()) for one in _words(html.fromstring(text))}:
        rest = words
        for name in sorted(own, key=len, reverse=True):
            rest = rest.replace(name, "")
        if FRENCH.search(THEIRS.sub("", rest)) or _is_a_sentence_of_ours(words):
            found.append(words)
    return sorted(found)


def _is_a_sentence_of_ours(words: str) -> bool:
    said = catalogue("en").get(words)
    return said is not None and said != words


def _furnish(office: Any) -> tuple[dict[str, str], set[str]]:
    connection, town = office.connect(), office.connect(TOWN, "Saint-Exemple")
    visitor = office.visitor(Role.SUPERVISEUR)
    deposit = {"bonne.xml": office.invoice("F-2026-1")}
    deposit["fautive.xml"] = office.invoice("F-2026-2").replace(b"21970999400017", b"2197099940001X")
    deposit["service.xml"] = office.invoice("F-2026-3").replace(b"SERV-TECH", b"SERV-NUL")
    for name, data in deposit.items():
        visitor.open("depots").send("/depots", connexion=connection.id, files={"fichiers": (name, data)})
    office.work()
    structure = next(one for one in office.gateway.connections.structures(town.id) if one.is_recipient)
    office.gateway.inbox.begin(structure.id, office.hours() - timedelta(days=29), "cli")
    office.work()
    found = {one.filename: one.id for one in office.gateway.outbox.search(DepositQuery()).items}
    received = office.gateway.inbox.search(ReceptionQuery()).items[0]
    things = {
        "connection": connection.id, "structure": structure.id, "reception": received.id, "siret": TOWN,
        "deposit": found["bonne.xml"], "faulty": found["fautive.xml"], "platform": found["service.xml"],
    }  # fmt: skip
    return things, _names(office)


def _names(office: Any) -> set[str]:
    shown = office.gateway.connections
    own = {place.label for one in shown.all() for place in shown.structures(one.id)}
    for one in office.gateway.inbox.search(ReceptionQuery()).items:
        own |= {one.supplier_name}
    for one in office.gateway.outbox.search(DepositQuery()).items:
        own |= {one.supplier_name, one.recipient_name, one.filename}
    own |= {one.name for one in office.gateway.directory.services(TOWN, office.gateway.directory.home())}
    return own - {""}


def _reader_of_english(office: Any) -> Any:
    visitor = office.visitor(Role.SUPERVISEUR)
    visitor.open("profil").send("/profil/langue", langue="en")
    return visitor


def test_no_page_shows_a_french_word_to_a_reader_of_english(office: Any) -> None:
    things, own = _furnish(office)
    visitor = _reader_of_english(office)
    left = [f"{path}: {words}" for path in PAGES for words in _french(visitor.open(path.format(**things)).text, own)]
    assert left == []


def test_no_refusal_is_said_in_french_to_a_reader_of_english(office: Any) -> None:
    """What a person does wrong most: each form sent empty, with nonsense, or twice."""
    things, own = _furnish(office)
    visitor = _reader_of_english(office)
    left = []
    for page, action, fields in _mistakes(things):
        told = visitor.open(page).send(action, **fields)
        assert told.status < 500, (page, action)
        left += [f"{page} {action} {fields}: {words}" for words in _french(told.text, own)]
    assert left == []


def _mistakes(things: dict[str, str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    deposit, reception = f"/depots/{things['deposit']}", f"/receptions/{things['reception']}"
    connection = f"{PLACE}/{things['connection']}"
    yield "/depots", "/depots", {}
    yield "/depots", "/depots", {"files": {"fichiers": ("photo.png", b"\x89PNG\r\n\x1a\n")}}
    yield "/depots", "/depots", {"files": {"fichiers": ("coupee.xml", b"<Invoice")}}
    yield "/depots", "/depots", {"files": {"fichiers": ("vide.pdf", b"%PDF-1.7 rien")}, "heure": "demain"}
    yield reception, "/statuts", {"statut": "REJETEE", "motif": "", "mandat": ""}
    yield reception, "/statuts", {"statut": "SUSPENDUE", "motif": "x" * 300, "mandat": ""}
    yield reception, "/statuts", {"statut": "SERVICE_FAIT", "motif": "", "mandat": "2026-1"}
    yield reception, "/commentaires", {"commentaire": ""}
    yield "/utilisateurs", "/utilisateurs", {"email": "pas une adresse", "nom": "", "role": "lecteur"}
    yield "/cles-api", "/cles-api", {"nom": "", "droits": []}
    yield "/cles-api", "/cles-api", {"nom": "Logiciel", "droits": ["lire"], "fin": "jamais"}
    yield "/parametres/webhooks", "/parametres/webhooks", {"nom": "", "adresse": "ftp://x", "evenements": []}
    yield "/profil", "/profil/mot-de-passe", {"ancien": "faux", "nouveau": "court"}
    yield "/profil", "/profil/mot-de-passe", {"ancien": "une phrase assez longue", "nouveau": "court"}
    yield PLACE + "?modifier=" + things["connection"], "/mot-de-passe", {"login": "", "mot_de_passe": ""}
    yield (
        PLACE + "?modifier=" + things["connection"],
        "/mot-de-passe",
        {"login": "moi@exemple.fr", "mot_de_passe": " faux "},
    )
    yield connection, connection, {"nom": ""}
    yield PLACE + "/nouvelle", "/nouvelle", {"nom": "Entreprise"}
    yield PLACE + "/importer", "/importer", {"files": {"fichier": ("comptes.csv", b"a;b\n1;2\n")}}
    yield deposit, "/actualiser", {}
    yield "/annuaire", "/annuaire/charger", {}


def test_a_program_that_reads_english_is_answered_in_english_with_the_same_code(office: Any) -> None:
    office.connect()
    program = office.program(*Permission)
    asked = [
        ("GET", "deposits/inconnu", {}), ("GET", "nulle-part", {}), ("DELETE", "deposits", {}),
        ("POST", "deposits", {"content": b""}), ("POST", "deposits", {"content": b"<Invoice"}),
        ("POST", "deposits", {"content": office.invoice("F-1").replace(b"21970999400017", b"2197099940001X")}),
        ("POST", "receptions/inconnue/status", {"json": {"status": "REJETEE"}}),
        ("GET", "directory/00000000000000", {}), ("POST", "webhooks", {"json": {"label": "", "url": "ftp://x"}}),
    ]  # fmt: skip
    for method, path, body in asked:
        french = program.request(method, path, **body)
        english = program.request(method, path, headers={"Accept-Language": "en-GB, fr;q=0.5"}, **body)
        assert (french.status_code, french.json()["code"]) == (english.status_code, english.json()["code"]), path
        assert english.headers["content-language"] == "en"
        said = " ".join(str(english.json().get(name, "")) for name in ("title", "detail", "cure"))
        assert not FRENCH.search(THEIRS.sub("", said)), said
        assert french.json()["title"] != english.json()["title"]
    nobody = office.visitor().http.get(f"{office.url}/api/v1/deposits", headers={"Accept-Language": "en"})
    assert nobody.json()["detail"] == "The request carries no valid API key."
