"""Who may open a page. Every route carries one of these guards; a test lists the routes that have none."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from raccord.domain.errors import NotAllowed, RaccordError
from raccord.domain.roles import Permission, Role

Caller = ASGIConnection[Any, Any, Any, Any]


class SignInFirst(RaccordError):
    """Nobody is signed in: the answer is the sign-in page, with the way back."""

    def __init__(self) -> None:
        super().__init__("SESSION_ABSENTE", "Votre session est terminée ou n’a pas commencé.", "Connectez-vous.")


class EnrolFirst(RaccordError):
    """This house wants a second factor of everybody, and this person has none yet: only the profile opens."""

    def __init__(self) -> None:
        super().__init__("SECOND_FACTEUR_REQUIS", "Un second facteur est demandé ici.", "Activez-le dans votre profil.")


class Requires:
    """Opens a route to the persons whose role carries that permission; refuses the others politely."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(self, connection: Caller, handler: BaseRouteHandler) -> None:
        signed_in = connection.scope.get("user")
        if signed_in is None:
            raise SignInFirst
        if signed_in.must_enrol and not connection.url.path.startswith("/profil"):
            raise EnrolFirst
        if not signed_in.may(self.permission):
            raise NotAllowed(
                "DROIT_INSUFFISANT", _refusal(signed_in.user.role, self.permission), _cure(self.permission)
            )


class Anyone:
    """Opens a route to everyone, signed in or not: sign-in, one-time links, static files, health."""

    def __call__(self, connection: Caller, handler: BaseRouteHandler) -> None:
        """Lets everyone in."""


_DEEDS = {
    Permission.READ: "consulter cette page",
    Permission.DEPOSIT: "déposer des factures",
    Permission.PROCESS: "traiter les factures reçues",
    Permission.CONFIGURE: "ouvrir les paramètres de la connexion à Chorus Pro",
    Permission.MANAGE_USERS: "gérer les utilisateurs",
}


def _refusal(role: Role, permission: Permission) -> str:
    return f"Votre rôle « {role.label} » ne permet pas de {_DEEDS[permission]}."


def _cure(permission: Permission) -> str:
    roles = [role.label for role in Role if role.may(permission)]
    return f"Adressez-vous à une personne qui a le rôle « {' » ou « '.join(roles)} »."


reads = Requires(Permission.READ)
deposits = Requires(Permission.DEPOSIT)
processes = Requires(Permission.PROCESS)
configures = Requires(Permission.CONFIGURE)
manages_users = Requires(Permission.MANAGE_USERS)
anyone = Anyone()
