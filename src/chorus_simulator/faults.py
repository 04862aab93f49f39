"""Failures on demand: what a network and a tired platform do, before or after the work was done.

« After » is the one that hurts: the deposit was taken, the caller learns nothing. Each fault names the
operations it strikes by a pattern of their path, and how often: a number of times, or a probability drawn from
its own seed so that a run can be played again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from random import Random

KINDS = {
    "reset": "la connexion est coupée brutalement",
    "timeout": "aucune réponse pendant `seconds` secondes, puis la connexion est coupée",
    "429": "trop d’appels ; `retry_after` secondes dans l’en-tête si donné",
    "500": "erreur 500 en HTML",
    "502": "erreur 502 en HTML",
    "503": "erreur 503 en HTML",
    "maintenance": "page de maintenance, HTTP 503 en HTML",
    "403": "HTTP 403, corps vide",
    "413": "HTTP 413, corps vide : trop gros",
    "401": "HTTP 401, jeton inconnu de la passerelle",
    "slow": "la réponse arrive octet par octet, pendant `seconds` secondes",
    "truncated": "la réponse JSON est coupée au milieu",
    "content_type": "la réponse JSON est annoncée text/html",
    "degenerate_token": "le jeton : HTTP 200 avec un objet vide",
    "token_without_expiry": "le jeton : HTTP 200 sans expires_in",
    "delayed_integration": "le flux déposé n’est intégré que `seconds` secondes plus tard (horloge simulée)",
    "too_large": "télécharger plus de `most` factures à la fois, ou la facture `facture`, répond 413",
    "damaged_pivot": "le fichier téléchargé est abîmé, comme le dit `damage` (cut, base64, noise, zip ou missing)",
    "internal_state": "le flux déposé finit dans l’état `state` (IN_INCIDENTE, IN_EN_ATTENTE_RETRAITEMENT_CPP…)",
}
AFTER_ONLY = ("slow", "truncated", "content_type", "degenerate_token", "token_without_expiry")

NATURAL_PATTERN = {
    "degenerate_token": "/api/oauth/token",
    "token_without_expiry": "/api/oauth/token",
    "delayed_integration": "*/deposer/flux",
    "internal_state": "*/deposer/flux",
    "too_large": "*/telecharger/groupe",
    "damaged_pivot": "*/telecharger/groupe",
}
DAMAGES = {
    "cut": "coupé au milieu",
    "base64": "base64 illisible",
    "noise": "un tiers des octets changés",
    "zip": "le ZIP d’une pièce jointe est tronqué",
    "missing": "une facture absente",
}


@dataclass
class Fault:
    """`pattern` is a shell pattern on the path below the environment, such as `*/deposer/flux`.

    `facture` restricts what bears on downloads to those that hold that invoice; 0: all.
    """

    kind: str
    pattern: str = "*"
    count: int | None = 1
    probability: float | None = None
    seed: int = 1
    when: str = "before"
    seconds: float = 3600.0
    retry_after: float | None = None
    state: str = "IN_INCIDENTE"
    damage: str = "cut"
    most: int = 1
    facture: int = 0
    struck: int = 0
    _random: Random = field(default_factory=Random, repr=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"Panne inconnue : {self.kind}. Pannes possibles : {', '.join(KINDS)}.")
        if self.when not in ("before", "after"):
            raise ValueError("« when » vaut before ou after.")
        if self.damage not in DAMAGES:
            raise ValueError(f"« damage » est l’un de : {', '.join(DAMAGES)}.")
        if not isinstance(self.most, int) or not isinstance(self.facture, int):
            raise ValueError("« most » et « facture » sont des nombres entiers.")
        if self.kind in AFTER_ONLY:
            self.when = "after"
        if self.pattern == "*":
            self.pattern = NATURAL_PATTERN.get(self.kind, "*")
        self._random = Random(self.seed)

    def strikes(self, path: str) -> bool:
        """Whether this call is hit; counts it if so."""
        if not fnmatchcase(path, self.pattern):
            return False
        if self.probability is not None:
            hit = self._random.random() < self.probability
        else:
            hit = self.count is None or self.struck < self.count
        self.struck += hit
        return hit

    @property
    def spent(self) -> bool:
        """Whether it has struck as often as asked; a fault drawn by probability never ends by itself."""
        return self.probability is None and self.count is not None and self.struck >= self.count


class Faults:
    """The faults in wait, in the order they were asked for; one at most strikes a call."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def __bool__(self) -> bool:
        return bool(self.waiting)

    def add(self, fault: Fault) -> None:
        """Put it behind those that wait."""
        self.waiting.append(fault)

    def clear(self) -> None:
        """Nothing fails any more."""
        self.waiting = []

    def draw(self, path: str) -> Fault | None:
        """The first fault that strikes this path, counted, and gone when spent; None when the call goes well."""
        for fault in self.waiting:
            if fault.strikes(path):
                if fault.spent:
                    self.waiting.remove(fault)
                return fault
        return None
