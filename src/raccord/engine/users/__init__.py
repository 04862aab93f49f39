"""Persons and programs of this house: the doors by which they enter, and what each may do.

Nothing has a default password: while nobody exists, `first_link` gives a token that makes the first Superviseur, once.
Tokens, keys and links are kept as hashes; passwords as argon2id; secrets of the second factor in the vault.
"""

from raccord.engine.users.calendars import CALENDAR, Calendars
from raccord.engine.users.keys import Keys
from raccord.engine.users.letters import Letters
from raccord.engine.users.passwords import PasswordKeeper
from raccord.engine.users.people import FIRST, INVITATION, RESET, People
from raccord.engine.users.room import SignInRules
from raccord.engine.users.signing_in import Door


class Users(Door, People, Keys, Calendars):
    """Everything that a face asks about persons and keys."""


__all__ = ["CALENDAR", "FIRST", "INVITATION", "RESET", "Letters", "PasswordKeeper", "SignInRules", "Users"]
