"""Who may do what: three roles for persons (seed S1-04: the Superviseur owns the settings), scopes for API keys."""

from enum import StrEnum


class Permission(StrEnum):
    """One thing that a person or a program may do."""

    READ = "read"
    DEPOSIT = "deposit"
    PROCESS = "process"
    CONFIGURE = "configure"
    MANAGE_USERS = "manage-users"


class Role(StrEnum):
    """What a person is, in this house."""

    SUPERVISEUR = "superviseur"
    COMPTABLE = "comptable"
    LECTEUR = "lecteur"

    @property
    def label(self) -> str:
        """The word on the screens."""
        return {"superviseur": "Superviseur", "comptable": "Comptable", "lecteur": "Lecteur"}[self.value]

    def may(self, permission: Permission) -> bool:
        """Whether this role carries that permission."""
        return permission in _PERMISSIONS[self]


_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.SUPERVISEUR: frozenset(Permission),
    Role.COMPTABLE: frozenset({Permission.READ, Permission.DEPOSIT, Permission.PROCESS}),
    Role.LECTEUR: frozenset({Permission.READ}),
}
