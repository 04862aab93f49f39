"""The upper rungs: which structures the account reaches, which API families open, when the password expires."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from choruspro import ChorusPro, ChorusProError, CredentialsRefused, Refused
from raccord.doctor import hours
from raccord.doctor.notebook import Notebook, day
from raccord.doctor.patient import Patient, Tools
from raccord.doctor.reading import evidence_of, suspect_by_error
from raccord.domain.clock import days_between
from raccord.domain.connection import ExpirySource
from raccord.domain.verdict import RungState

NEAR = timedelta(days=60)
_SIRET = re.compile(r"(?<!\d)\d{14}(?!\d)")
"""A login holds a SIRET more often than not (specifications/technical-accounts.md §4): a hint, never a check."""
_LOOKED_AT = 3
"""How many structures are asked for the expiry date before giving up."""


def structures(patient: Patient, tools: Tools, notes: Notebook, client: ChorusPro) -> dict[str, int]:
    """The active structures of the account (SIRET -> idStructureCPP); those that this connection serves among them."""
    title = "Structures du compte"
    found: dict[str, int] = {}
    if "transverses" in notes.forbidden:
        notes.skip("structures", title)
        return found
    for ask in (
        client.transverses.recuperer_structures_actives_fournisseur,
        client.transverses.recuperer_structures_actives_destinataire,
    ):
        try:
            found.update({one.identifiant or "": one.idStructureCPP or 0 for one in ask().listeStructures})
        except Refused:
            continue
        except ChorusProError as error:
            suspect_by_error(notes, error, tools.clock(), patient.connection.addresses.api_url)
            notes.note("structures", title, RungState.FAILED, error.message, evidence_of(error))
            return found
    _judge_structures(patient, notes, client, found)
    return found


def _judge_structures(patient: Patient, notes: Notebook, client: ChorusPro, found: dict[str, int]) -> None:
    title = "Structures du compte"
    if not found:
        _judge_nothing(patient, notes, client)
        notes.note("structures", title, RungState.ATTENTION, "Le compte n’a accès à aucune structure active.")
        return
    lost = [siret for siret in patient.history.sirets if siret not in found]
    if lost:
        code = "STR-02" if _inactive(client, lost[0]) else "STR-01"
        notes.suspect(code, siret=", ".join(lost))
        sentence = f"Sans accès : {', '.join(lost)}."
        notes.note("structures", title, RungState.ATTENTION, sentence, ", ".join(found))
        return
    seen = f"{len(found)} structures accessibles." if len(found) > 1 else "Une structure accessible."
    notes.note("structures", title, RungState.PASSED, seen, ", ".join(found))


def _judge_nothing(patient: Patient, notes: Notebook, client: ChorusPro) -> None:
    """No active structure at all: the only one may be closed, or its space may not be open; the list looks the same."""
    known = dict.fromkeys([*patient.history.sirets, *_SIRET.findall(patient.connection.login)])
    inactive = [siret for siret in known if _inactive(client, siret)]
    if inactive:
        notes.suspect("STR-02", siret=", ".join(inactive))
        return
    notes.suspect("STR-05", 70 if known else 100, space="Factures émises ou Factures reçues")
    if known:
        notes.suspect("STR-01", 30, siret=", ".join(known))


def _inactive(client: ChorusPro, siret: str) -> bool:
    from choruspro.models.structures import RechercherStructureInput

    wanted = RechercherStructureInput(identifiantStructure=siret, typeIdentifiantStructure="SIRET")
    try:
        rows = client.structures.rechercher(structure=wanted).listeStructures
    except ChorusProError:
        return False
    return bool(rows) and all(str(row.statut or "").upper().startswith("INACTI") for row in rows)


def access(patient: Patient, tools: Tools, notes: Notebook, client: ChorusPro, found: dict[str, int]) -> bool:
    """One small read per API family; those that answer 403 name what is to be opened on PISTE."""
    reads = _reads(client, found)
    wanted = [family for family in patient.history.families if family in reads]
    opened = [] if "transverses" in notes.forbidden else ["transverses"]
    for family in wanted:
        first, second = reads[family]
        try:
            first()
        except CredentialsRefused as error:
            if error.which != "access":
                return _stopped(patient, tools, notes, error)
            _note_forbidden(notes, family, error, _opens(second))
            continue
        except Refused:
            pass
        except ChorusProError as error:
            return _stopped(patient, tools, notes, error)
        opened.append(family)
    _judge_access(notes, opened)
    return True


def _note_forbidden(notes: Notebook, family: str, error: CredentialsRefused, second_opens: bool) -> None:
    """A family that opens by another path lacks one function; one that opens by none is not subscribed."""
    title = f"API {FAMILY_NAMES[family]}"
    if second_opens:
        notes.suspect("PST-05", path=error.operation)
        notes.note(f"access-{family}", title, RungState.ATTENTION, "Une fonction manque.", evidence_of(error))
        return
    notes.forbidden.append(family)
    notes.note(f"access-{family}", title, RungState.ATTENTION, "Accès refusé (HTTP 403).", evidence_of(error))


def _judge_access(notes: Notebook, opened: list[str]) -> None:
    if not notes.forbidden:
        names = ", ".join(FAMILY_NAMES[family] for family in opened)
        notes.note("access", "API ouvertes", RungState.PASSED, f"Accès ouvert : {names}.")
    elif opened:
        notes.suspect("PST-03", families=_named(notes.forbidden))
    else:
        notes.suspect("PST-04", 70)
        notes.suspect("PST-03", 30, families=_named(notes.forbidden))


def _named(families: list[str]) -> str:
    return ", ".join(FAMILY_NAMES[family] for family in families)


def _stopped(patient: Patient, tools: Tools, notes: Notebook, error: ChorusProError) -> bool:
    suspect_by_error(notes, error, tools.clock(), patient.connection.addresses.api_url)
    notes.note("access", "API ouvertes", RungState.FAILED, error.message, evidence_of(error))
    return False


def _opens(read: Callable[[], Any]) -> bool:
    try:
        read()
    except CredentialsRefused:
        return False
    except ChorusProError:
        return True
    return True


FAMILY_NAMES = {
    "transverses": "Transverses",
    "structures": "Structures",
    "factures": "Factures",
    "engagementsJuridiques": "Engagements juridiques",
    "facturesTravaux": "Factures de travaux",
}

_Read = Callable[[], Any]


def _reads(client: ChorusPro, found: dict[str, int]) -> dict[str, tuple[_Read, _Read]]:
    """Two harmless questions per family: the second tells a missing function from a closed family."""
    from choruspro.models.factures_emises import ParametresRechercherFactureParFournisseur as Supplier
    from choruspro.models.structures import ParametresRechercherServicesStructure as Page
    from choruspro.models.structures import RechercherStructureInput as Wanted

    siret, number = next(iter(found.items()), ("00000000000000", 0))
    who = Wanted(identifiantStructure=siret, typeIdentifiantStructure="SIRET")
    supplier = Supplier(nbResultatsMaximum=1, nbResultatsParPage=1)
    return {
        "structures": (
            lambda: client.structures.rechercher(structure=who),
            lambda: client.structures.rechercher_services(
                idStructure=number, parametresRechercherServicesStructure=Page(nbResultatsParPage=1)
            ),
        ),
        "factures": (
            lambda: client.factures.rechercher_fournisseur(rechercheFactureParFournisseur=supplier),
            lambda: client.call("factures/rechercher/recipiendaire", {}, writes=False),
        ),
        "engagementsJuridiques": (
            lambda: client.call("engagementsJuridiques/rechercher", {}, writes=False),
            lambda: client.call("engagementsJuridiques/consulterDetail", {}, writes=False),
        ),
        "facturesTravaux": (
            lambda: client.call("facturesTravaux/rechercher", {}, writes=False),
            lambda: client.call("facturesTravaux/consulter", {}, writes=False),
        ),
    }


def expiry(patient: Patient, tools: Tools, notes: Notebook, client: ChorusPro, found: dict[str, int]) -> None:
    """When the password expires: read at Chorus Pro where it can be, else what a person typed; never computed."""
    title = "Échéance du mot de passe"
    read = None if "structures" in notes.forbidden else _read_expiry(patient, client, found)
    notes.expires_at = read
    known = read or patient.history.expires_at
    if known is None:
        notes.suspect("TEC-11")
        notes.note("expiry", title, RungState.ATTENTION, "La date n’est pas connue : saisissez-la.")
        return
    _judge_expiry(
        patient, notes, known, hours.of_the_platform(tools, notes), ExpirySource.READ if read else ExpirySource.TYPED
    )


def _judge_expiry(patient: Patient, notes: Notebook, known: datetime, now: datetime, source: ExpirySource) -> None:
    title, left = "Échéance du mot de passe", known - now
    how = "lue dans Chorus Pro" if source is ExpirySource.READ else "saisie"
    if left > NEAR:
        notes.note("expiry", title, RungState.PASSED, f"Le {day(known)} (date {how}).")
        return
    days = max(0, days_between(now, known))
    in_days = f"dans {days} jours" if days > 1 else ("demain" if days == 1 else "aujourd’hui")
    notes.suspect("TEC-10", login=patient.connection.login, in_days=in_days, expires_on=day(known))
    notes.note("expiry", title, RungState.ATTENTION, f"Le {day(known)}, {in_days} (date {how}).")


def _read_expiry(patient: Patient, client: ChorusPro, found: dict[str, int]) -> datetime | None:
    """The account's own structure first: its SIRET is in the login more often than not."""
    login = patient.connection.login
    ordered = sorted(found, key=lambda siret: siret not in login)[:_LOOKED_AT]
    for siret in ordered:
        try:
            told = client.structures.consulter(idStructureCPP=found[siret]).informationGenerales
        except ChorusProError:
            continue
        date = told.dateExpirationMotPasseCompteTech if told else None
        if isinstance(date, datetime):
            return date.astimezone(UTC)
    return None
