"""The rungs of the ladder, from our own settings up to the account's structures. Each answers whether to climb on.

Order and calls: specifications/diagnosis.md §1. Nothing is written at Chorus Pro.
"""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from choruspro import ChorusPro, ChorusProError, CredentialsRefused, Refused, Unreachable, former_host
from raccord.doctor import hours
from raccord.doctor.deciding import after_a_refused_account
from raccord.doctor.notebook import Notebook, day, hour
from raccord.doctor.patient import Patient, Tools
from raccord.doctor.reading import evidence_of, stopped_at_the_proxy, suspect_by_error
from raccord.domain.connection import Connection, EnvironmentName
from raccord.domain.verdict import RungState


def configuration(patient: Patient, notes: Notebook) -> bool:
    """Every setting is there and readable, no address has been left by Chorus Pro."""
    name, title = "configuration", "Réglages de la connexion"
    if patient.proofs.unreadable:
        notes.suspect("CFG-02", missing=", ".join(patient.proofs.unreadable))
        notes.note(name, title, RungState.FAILED, "Des identifiants enregistrés sont illisibles.")
        return False
    missing = _missing(patient)
    if missing:
        notes.suspect("CFG-01", missing=", ".join(missing))
        notes.note(name, title, RungState.FAILED, f"Il manque : {', '.join(missing)}.")
        return False
    for url in (patient.connection.addresses.token_url, patient.connection.addresses.api_url):
        left = former_host(url)
        if left:
            notes.suspect("NET-04", host=left.host, replacement=left.replaced_by)
            notes.note(name, title, RungState.FAILED, f"L’adresse {left.host} n’est plus en service.")
            return False
    notes.note(name, title, RungState.PASSED, "Tous les réglages sont présents.")
    return True


def _missing(patient: Patient) -> list[str]:
    connection, proofs = patient.connection, patient.proofs
    needed = {
        "adresse du jeton": connection.addresses.token_url,
        "adresse de l’API": connection.addresses.api_url,
        "client id": connection.client_id,
        "client secret": proofs.client_secret,
        "identifiant du compte technique": connection.login,
        "mot de passe du compte technique": proofs.password,
    }
    lost = [f"fichier d’autorités introuvable ({connection.network.ca_file})"] if _ca_lost(connection) else []
    return [*(name for name, value in needed.items() if not value), *lost]


def _ca_lost(connection: Connection) -> bool:
    return bool(connection.network.ca_file) and not Path(connection.network.ca_file).is_file()


def network(patient: Patient, tools: Tools, notes: Notebook) -> bool:
    """Both hosts can be reached, over a trusted connection; their clock and ours agree."""
    addresses = patient.connection.addresses
    told: datetime | None = None
    for url in dict.fromkeys((addresses.token_url, addresses.api_url)):
        try:
            told = tools.reach(url, patient.connection).date or told
        except Unreachable as error:
            title = f"Réseau jusqu’à {urlsplit(url).hostname}"
            proxy = tools.proxy(url, patient.connection)
            if proxy is not None and stopped_at_the_proxy(error):
                notes.suspect("NET-05", proxy=proxy.place, named_by=proxy.named_by)
                sentence = f"Le proxy {proxy.place}, indiqué {proxy.named_by}, n’a pas transmis l’appel."
                notes.note("network", title, RungState.FAILED, sentence, evidence_of(error))
                return False
            suspect_by_error(notes, error, tools.clock(), url)
            notes.note("network", title, RungState.FAILED, error.message, evidence_of(error))
            if error.kind == "tls":
                hours.compare(tools.hour_without_trust(url, patient.connection), tools, notes, beside="NET-02")
            return False
    notes.note("network", "Réseau jusqu’à PISTE", RungState.PASSED, "Les serveurs répondent.")
    hours.compare(told, tools, notes)
    return True


def token(patient: Patient, tools: Tools, notes: Notebook, client: ChorusPro) -> bool:
    """PISTE knows the application and gives a token."""
    name, title = "token", "Jeton PISTE (application)"
    try:
        client.authenticate(fresh=True)
    except CredentialsRefused as error:
        _name_the_application(patient, tools, notes)
        notes.note(name, title, RungState.FAILED, error.message, evidence_of(error))
        return False
    except ChorusProError as error:
        suspect_by_error(notes, error, tools.clock(), patient.connection.addresses.token_url)
        notes.note(name, title, RungState.FAILED, error.message, evidence_of(error))
        return False
    notes.note(name, title, RungState.PASSED, "PISTE reconnaît l’application.")
    return True


def _name_the_application(patient: Patient, tools: Tools, notes: Notebook) -> None:
    """A refused client id may belong to the other environment: one question there settles it."""
    here = patient.connection.environment
    other = "production" if here is EnvironmentName.QUALIFICATION else "qualification"
    if _works_elsewhere(patient, tools):
        notes.suspect("PST-02", here=here.value, other=other)
    elif here is EnvironmentName.PRODUCTION and "SANDBOX" in patient.connection.client_id.upper():
        notes.suspect("PST-02", 80, here=here.value, other=other)
        notes.suspect("PST-01", 20)
    else:
        notes.suspect("PST-01")


def _works_elsewhere(patient: Patient, tools: Tools) -> bool:
    addresses = tools.twin(patient.connection.addresses)
    if addresses is None:
        return False
    try:
        with tools.open_client(replace(patient.connection, addresses=addresses), patient.proofs) as client:
            client.authenticate(fresh=True)
    except ChorusProError:
        return False
    return True


def account(patient: Patient, tools: Tools, notes: Notebook, client: ChorusPro, *, force: bool) -> bool:
    """Chorus Pro accepts the technical account. A password already refused is not played again unless asked."""
    name, title = "account", "Compte technique"
    known = patient.history.refusal
    if known is not None and known.fingerprint == patient.history.fingerprint and not force:
        sentence = (
            f"Chorus Pro l’a refusé le {day(known.at)} à {hour(known.at)} ; le même mot de passe n’est pas rejoué : "
            "plusieurs refus pourraient bloquer le compte."
        )
        return _refused(patient, tools, notes, (name, title, sentence, known.evidence))
    try:
        client.transverses.recuperer_tauxtva()
    except Refused:
        pass  # a refusal of the service itself: the account was accepted before it
    except ChorusProError as error:
        return _not_accepted(patient, tools, notes, error)
    notes.note(name, title, RungState.PASSED, "Chorus Pro accepte le compte.")
    return True


def _not_accepted(patient: Patient, tools: Tools, notes: Notebook, error: ChorusProError) -> bool:
    told = ("account", "Compte technique", error.message, evidence_of(error))
    if isinstance(error, CredentialsRefused) and error.which == "technical-account":
        return _refused(patient, tools, notes, told)
    if isinstance(error, CredentialsRefused) and error.which == "access":
        notes.forbidden.append("transverses")
        sentence = "Accès refusé à l’API Transverses (HTTP 403)."
        notes.note("account", "Compte technique", RungState.ATTENTION, sentence, told[3])
        return True
    if isinstance(error, CredentialsRefused):
        notes.suspect("PST-01")
    else:
        suspect_by_error(notes, error, tools.clock(), patient.connection.addresses.api_url)
    notes.note(told[0], told[1], RungState.FAILED, told[2], told[3])
    return False


def _refused(patient: Patient, tools: Tools, notes: Notebook, told: tuple[str, str, str, str]) -> bool:
    history, login, now = patient.history, patient.connection.login, hours.of_the_platform(tools, notes)
    production = patient.connection.environment is EnvironmentName.PRODUCTION
    facts = {
        "login": login,
        "expired": _expired(history.expires_at, now),
        "refusals": str(history.refusals),
        "remarks": " ".join(history.remarks),
        "retry_time": hour(history.retry_at) if history.retry_at else "la prochaine demande",
        "here": patient.connection.environment.value,
    }
    for code, weight in after_a_refused_account(login, history, now, production=production).items():
        notes.suspect(code, weight, **facts)
    notes.retry_at = history.retry_at
    name, title, sentence, evidence = told
    notes.note(name, title, RungState.FAILED, sentence, evidence)
    return False


def _expired(expires_at: datetime | None, now: datetime) -> str:
    if expires_at is not None and expires_at <= now:
        return f"a expiré le {day(expires_at)}"
    return "a sans doute expiré (sa date n’est pas connue)" if expires_at is None else "a peut-être expiré"
