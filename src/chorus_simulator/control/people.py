"""Technical accounts, persons, PISTE applications, structures: who may do what."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chorus_simulator import accounts
from chorus_simulator.control.room import Endpoint, Order, moment, number, text
from chorus_simulator.parties import FAMILIES, PisteApplication, Structure, TechnicalAccount
from chorus_simulator.structures.answers import FLAGS
from chorus_simulator.world import World


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def account_card(world: World, account: TechnicalAccount) -> dict[str, Any]:
    """One technical account for the control room, its password readable; dates ISO with their zone, or None."""
    structure = world.structures[account.idStructureCPP]
    return {
        "login": account.login,
        "password": account.password,
        "siret": structure.identifiant,
        "idStructureCPP": structure.idStructureCPP,
        "state": account.state,
        "expires_at": _iso(account.expires_at),
        "active_from": _iso(account.active_from),
        "locked_until": _iso(account.locked_until),
        "failures": account.failures,
    }


def _account(order: Order) -> TechnicalAccount:
    login = order.parts["login"]
    if login not in order.world.technical_accounts:
        raise LookupError(f"Compte technique inconnu : {login}.")
    return order.world.technical_accounts[login]


def _structure(order: Order, siret: str) -> Structure:
    structure = order.world.structure_of(siret)
    if structure is None:
        raise LookupError(f"Structure inconnue : {siret}.")
    return structure


def list_accounts(order: Order) -> object:
    """The cards of every technical account."""
    return [account_card(order.world, account) for account in order.world.technical_accounts.values()]


def create_account(order: Order) -> object:
    """A new account for the structure `siret`, its login and password drawn when none is given.
    Raises `LookupError` for an unknown structure, `ValueError` for a login already taken."""
    structure = _structure(order, text(order.body, "siret"))
    login, contact = text(order.body, "login", ""), text(order.body, "contact", "")
    account, _ = order.world.create_technical_account(structure, contact, login)
    return account_card(order.world, account)


def expire(order: Order) -> object:
    """The password has just run out; the account's card. Raises `LookupError`."""
    account = _account(order)
    order.world.expire(account.login)
    return account_card(order.world, account)


def set_expiry(order: Order) -> object:
    """The password runs out at the instant `at`, past or to come; the account's card. Raises `LookupError`."""
    account = _account(order)
    account.expires_at = moment(order.body, "at")
    order.world.touch()
    return account_card(order.world, account)


def lock(order: Order) -> object:
    """Refuse the account for so many minutes of the bench's clock; its card. Raises `LookupError`."""
    account = _account(order)
    minutes = number(order.body, "minutes", 60)
    order.world.lock(account.login, order.world.now() + timedelta(minutes=minutes))
    return account_card(order.world, account)


def unlock(order: Order) -> object:
    """Lift a lock, forget failures and put the account back to `ACTIF`; its card. Raises `LookupError`."""
    account = _account(order)
    order.world.unlock(account.login)
    return account_card(order.world, account)


def set_state(order: Order) -> object:
    """Give the account a state, `INACTIF` by default; any other than `ACTIF` is refused by the API. Raises
    `LookupError`."""
    account = _account(order)
    account.state = text(order.body, "state", "INACTIF")
    order.world.touch()
    return account_card(order.world, account)


def password(order: Order) -> object:
    """A new password, at once that of the account, drawn when none is given; its card. Raises `LookupError`."""
    account = _account(order)
    new = text(order.body, "password", "") or accounts.new_password(order.world.random)
    accounts.set_password(order.world, account, new)
    return account_card(order.world, account)


def application_card(application: PisteApplication) -> dict[str, Any]:
    """One PISTE application, its secret readable; `raccordements` None means every structure."""
    linked = application.raccordements
    return {
        "client_id": application.client_id,
        "client_secret": application.client_secret,
        "name": application.name,
        "environment": application.environment,
        "active": application.active,
        "subscribed": sorted(application.subscribed),
        "cgu": sorted(application.cgu),
        "raccordements": None if linked is None else sorted(linked),
    }


def list_applications(order: Order) -> object:
    """The cards of every PISTE application of this environment."""
    return [application_card(application) for application in order.world.applications.values()]


def change_application(order: Order) -> object:
    """Change subscriptions, terms accepted, connections (SIRETs, or null for all), state or secret; its card.
    Raises `LookupError` for an unknown application or SIRET, `ValueError` for an unknown family."""
    client_id, body = order.parts["client_id"], order.body
    application = order.world.applications.get(client_id)
    if application is None:
        raise LookupError(f"Application PISTE inconnue : {client_id}.")
    for name in ("subscribed", "cgu"):
        if name in body:
            setattr(application, name, _families(body[name], name))
    if "raccordements" in body:
        sirets = body["raccordements"]
        application.raccordements = None if sirets is None else {_structure(order, s).idStructureCPP for s in sirets}
    if "active" in body:
        application.active = body["active"] is True
        order.world.tokens = {t: g for t, g in order.world.tokens.items() if g[0].active}
    if "client_secret" in body:
        application.client_secret = text(body, "client_secret")
    order.world.touch()
    return application_card(application)


def _families(value: object, name: str) -> set[str]:
    if not isinstance(value, list) or not set(value) <= set(FAMILIES):
        raise ValueError(f"« {name} » est une liste de familles parmi {', '.join(FAMILIES)}.")
    return set(value)


def revoke_tokens(order: Order) -> object:
    """Forget every token given: the next call of each application meets 401 `invalid_token` (errors.md §3)."""
    count = len(order.world.tokens)
    order.world.tokens.clear()
    return {"revoked": count}


def structure_card(structure: Structure) -> dict[str, Any]:
    """One structure with its flags (directory.md §3), the codes of its services and its role."""
    return {
        "siret": structure.identifiant,
        "idStructureCPP": structure.idStructureCPP,
        "designation": structure.designation,
        "role": "destinataire" if structure.publique else "fournisseur",
        "statut": structure.statut,
        "services": [service.codeService for service in structure.services],
        **{name: getattr(structure, name) for name in FLAGS},
    }


def change_structure(order: Order) -> object:
    """Change flags, state or the MOE of works contracts (`marches`: number to SIRET); the structure's card.
    Raises `LookupError` for an unknown SIRET, `ValueError` for a field or value that may not change."""
    structure = _structure(order, order.parts["siret"])
    for name, value in order.body.items():
        if name == "marches" and isinstance(value, dict):
            structure.marches = {contract: _structure(order, str(s)).idStructureCPP for contract, s in value.items()}
        elif name == "statut" and value in ("ACTIVE", "INACTIVE"):
            structure.statut = value
        elif name in FLAGS and isinstance(value, bool):
            setattr(structure, name, value)
        else:
            raise ValueError(f"« {name} » n’est pas modifiable, ou sa valeur n’est pas permise.")
    order.world.touch()
    return structure_card(structure)


def change_service(order: Order) -> object:
    """Open or close a service, or demand a commitment number for it. Raises `LookupError`."""
    structure = _structure(order, order.parts["siret"])
    code = order.parts["code"]
    service = structure.service(code)
    if service is None:
        raise LookupError(f"Service inconnu : {code}.")
    for name in ("estActif", "numeroEngagement"):
        if name in order.body:
            setattr(service, name, order.body[name] is True)
    order.world.touch()
    return {"codeService": code, "estActif": service.estActif, "numeroEngagement": service.numeroEngagement}


_LOGIN = "/accounts/{login}"
ENDPOINTS = (
    Endpoint("GET", "/accounts", "Les comptes techniques et leurs mots de passe.", list_accounts),
    Endpoint(
        "POST",
        "/accounts",
        "Créer un compte technique.",
        create_account,
        {"siret": "structure", "login": "identifiant, facultatif", "contact": "adresse, facultative"},
    ),
    Endpoint("POST", f"{_LOGIN}/expire", "Le mot de passe expire maintenant.", expire),
    Endpoint("POST", f"{_LOGIN}/expires_at", "Date d’expiration du mot de passe.", set_expiry, {"at": "instant ISO"}),
    Endpoint("POST", f"{_LOGIN}/lock", "Verrouiller le compte.", lock, {"minutes": "durée, 60 par défaut"}),
    Endpoint("POST", f"{_LOGIN}/unlock", "Déverrouiller et réactiver le compte.", unlock),
    Endpoint("POST", f"{_LOGIN}/disable", "Désactiver le compte.", set_state, {"state": "état affiché, INACTIF"}),
    Endpoint("POST", f"{_LOGIN}/password", "Donner un mot de passe.", password, {"password": "sinon tiré au sort"}),
    Endpoint("GET", "/applications", "Les applications PISTE et leurs secrets.", list_applications),
    Endpoint(
        "PATCH",
        "/applications/{client_id}",
        "Changer une application.",
        change_application,
        {
            "active": "false la révoque",
            "subscribed": "familles souscrites",
            "cgu": "familles dont les CGU sont acceptées",
            "raccordements": "SIRET raccordés, null pour tous",
            "client_secret": "nouveau secret",
        },
    ),
    Endpoint("DELETE", "/tokens", "Oublier tous les jetons.", revoke_tokens),
    Endpoint(
        "PATCH",
        "/structures/{siret}",
        "Changer une structure.",
        change_structure,
        {
            "statut": "ACTIVE ou INACTIVE",
            "marches": "marchés de travaux : numéro, et SIRET du maître d’œuvre",
            "<drapeau>": "true ou false, noms de structures/consulter",
        },
    ),
    Endpoint(
        "PATCH",
        "/structures/{siret}/services/{code}",
        "Changer un service.",
        change_service,
        {"estActif": "true ou false", "numeroEngagement": "engagement obligatoire pour ce service"},
    ),
)
