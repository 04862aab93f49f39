"""The letters of the door: the link that changes a forgotten password, the link of an invitation."""

import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from raccord.domain.errors import Unavailable
from raccord.domain.users import User
from raccord.language import translate


class Post(Protocol):
    """Sends a letter: `engine/letters/mail.py`."""

    def send(self, to: Sequence[str], subject: str, text: str) -> None:
        """Send one letter. Raises `Unavailable`."""
        ...


Run = Callable[[Callable[[], None]], None]


def aside(work: Callable[[], None]) -> None:
    """Do it in a thread of its own: the answer must take as long for an unknown address as for a known one."""
    threading.Thread(target=work, name="raccord-letter", daemon=True).start()


class Letters:
    """Writes the letters that carry a link. A link is a secret for an hour: it goes by no queue and no log."""

    def __init__(self, post: Post | None, public_url: str, run: Run = aside) -> None:
        self._post, self._public_url, self._run = post, public_url.rstrip("/"), run

    def aside(self, work: Callable[[], None]) -> None:
        """Do something beside the answer, as letters are sent: its time tells nothing."""
        self._run(work)

    def reset(self, user: User, token: str) -> None:
        """The link of a forgotten password."""
        link = f"{self._public_url}/nouveau-mot-de-passe/{token}"
        self._send(
            user,
            "Raccord : choisir un nouveau mot de passe",
            f"Bonjour {user.name},\n\nVous avez demandé à changer votre mot de passe de Raccord. "
            f"Ce lien fonctionne une fois, pendant une heure :\n\n{link}\n\n"
            "Si ce n’est pas vous, ne faites rien : votre mot de passe ne change pas.\n",
        )

    def locked(self, user: User, minutes: float) -> None:
        """Somebody tried five passwords: the page does not say so, the owner must know."""
        link = f"{self._public_url}/mot-de-passe-oublie"
        self._send(
            user,
            "Raccord : votre compte est bloqué quelques minutes",
            f"Bonjour {user.name},\n\nPlusieurs mots de passe refusés ont été saisis avec votre adresse. "
            f"Votre compte est bloqué pendant {minutes:.0f} minutes, puis s’ouvre de nouveau. "
            f"Pour entrer tout de suite, demandez un nouveau mot de passe :\n\n{link}\n\n"
            "Si ce n’était pas vous, prévenez la personne qui administre Raccord.\n",
        )

    def invitation(self, user: User, token: str) -> None:
        """The link of an invitation."""
        link = f"{self._public_url}/invitation/{token}"
        self._send(
            user,
            "Raccord : votre accès",
            f"Bonjour {user.name},\n\nUn accès à Raccord vous est ouvert ({user.role.label}). "
            f"Choisissez votre mot de passe par ce lien, qui fonctionne une fois, pendant sept jours :\n\n{link}\n",
        )

    def _send(self, user: User, subject: str, text: str) -> None:
        post = self._post
        if post is None:
            return

        def work() -> None:
            try:
                post.send([user.email], translate(user.language, subject), translate(user.language, text))
            except Unavailable:
                return  # the person asks again, or another Superviseur gives the link

        self._run(work)
