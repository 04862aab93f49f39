"""Technical accounts and portal users: signing in, the life of a password, resets, locks.

Rules and marks: specifications/technical-accounts.md and simulator-decisions.md §2. What is unknown there
(lock-out, activation delay, length of life) is a switch.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from chorus_simulator.memory import Memory
from chorus_simulator.parties import Person, Structure, TechnicalAccount

LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
SPECIALS = "-)[:"
PERSON_FAILURES = 5
PERSON_LOCK = timedelta(hours=1)


def new_password(random: Random) -> str:
    """15 characters, one at least of the specials that break careless software."""
    letters = [random.choice(LETTERS + SPECIALS) for _ in range(15)]
    letters[random.randrange(15)] = random.choice(SPECIALS)
    return "".join(letters)


def why_refused(world: Memory, account: TechnicalAccount, password: str) -> str:
    """Empty when the account may call, else the reason, which the platform itself never tells."""
    now = world.now()
    if account.locked_until and now < account.locked_until:
        return "verrouillé"
    if password != account.password:
        return "mot de passe"
    if account.state != "ACTIF":
        return "état"
    if account.active_from and now < account.active_from:
        return "pas encore actif"
    if account.expires_at and now >= account.expires_at:
        return "mot de passe expiré"
    return ""


def authenticate(world: Memory, login: str, password: str) -> TechnicalAccount | None:
    """The account when it may call now, else None; failures count towards the lock when that switch is on."""
    account = world.technical_accounts.get(login)
    if account is None:
        return None
    reason = why_refused(world, account, password)
    if not reason:
        account.failures = 0
        return account
    limit = int(world.switches.number("verrou_echecs"))
    if reason == "mot de passe" and limit:
        account.failures += 1
        if account.failures >= limit:
            account.failures = 0
            account.locked_until = world.now() + timedelta(minutes=world.switches.number("verrou_minutes"))
    return None


def create(
    world: Memory, structure: Structure, contact: str, login: str = "", password: str = ""
) -> tuple[TechnicalAccount, str]:
    """A new technical account with its password, which is told this once; the portal of 2022 has shown one
    (`new_password`) before. Raises `ValueError` (French) when the login is taken."""
    login = login or next_login(world, structure)
    if login in world.technical_accounts or login in world.persons:
        raise ValueError(f"L’identifiant {login} est déjà pris : choisissez-en un autre.")
    password, now = password or new_password(world.random), world.now()
    account = TechnicalAccount(
        login=login,
        password=password,
        idStructureCPP=structure.idStructureCPP,
        contact=contact,
        created_at=now,
        modified_at=now,
        active_from=now + timedelta(minutes=world.switches.number("activation_minutes")),
        expires_at=now + timedelta(days=world.switches.number("mot_de_passe_jours")),
    )
    world.technical_accounts[login] = account
    _tell(world, account, "Création de votre compte utilisateur technique", password)
    world.touch()
    return account, password


def next_login(world: Memory, structure: Structure) -> str:
    """The login the portal proposes: `TECH_<rank>_<SIRET>@cpro.fr`, first free rank from 1 (technical-accounts.md
    §4)."""
    rank = 1
    while (login := f"TECH_{rank}_{structure.identifiant}@cpro.fr") in world.technical_accounts:
        rank += 1
    return login


def prepare_reset(world: Memory, login: str) -> str:
    """The new password as the form shows it: worth nothing until `submit_reset`. Raises `KeyError`."""
    account = world.technical_accounts[login]
    candidate = new_password(world.random)
    account.candidates = [*account.candidates[-9:], candidate]
    return candidate


def submit_reset(world: Memory, login: str, candidate: str) -> bool:
    """« Soumettre »: the candidate becomes the password, the former one stops. False when it was never shown."""
    account = world.technical_accounts[login]
    if candidate not in account.candidates:
        return False
    account.candidates = []
    set_password(world, account, candidate)
    _tell(world, account, "Réinitialisation du mot de passe de votre compte technique", candidate)
    return True


def set_password(world: Memory, account: TechnicalAccount, password: str) -> None:
    """A new password, valid from now on (after the activation delay), for a whole life."""
    now = world.now()
    account.password, account.modified_at = password, now
    account.active_from = now + timedelta(minutes=world.switches.number("activation_minutes"))
    account.expires_at = now + timedelta(days=world.switches.number("mot_de_passe_jours"))
    account.failures, account.locked_until = 0, None
    world.touch()


def _tell(world: Memory, account: TechnicalAccount, subject: str, password: str) -> None:
    structure = world.structures[account.idStructureCPP]
    text = f"{subject} : {account.login}, structure {structure.designation} ({structure.identifiant})."
    shown = world.switches.on("mail_avec_mot_de_passe")
    if shown:
        text += f"\n\nMot de passe : {password}"
    manager = world.main_manager(structure.idStructureCPP)
    to = account.contact or (manager.contact or manager.login if manager else "")
    if to:
        world.send_mail(to, subject, text, personnel=shown)


def sign_in(world: Memory, login: str, password: str) -> Person | None:
    """A human at the portal's door; five failures lock for an hour. A technical account never enters."""
    person = world.persons.get(login)
    now = world.now()
    if person is None or person.state != "ACTIF" or (person.locked_until and now < person.locked_until):
        return None
    if person.password != password:
        person.failures += 1
        if person.failures >= PERSON_FAILURES:
            person.failures, person.locked_until = 0, now + PERSON_LOCK
        world.touch()
        return None
    person.failures, person.locked_until, person.last_login = 0, None, now
    world.touch()
    return person
