"""Letters by SMTP, over TLS unless told otherwise. No letter holds a secret, nor asks for a Chorus Pro password."""

import smtplib
import ssl
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from raccord.domain.errors import Unavailable
from raccord.domain.secrets import Secret

_TIMEOUT_S = 20.0
_NEVER = 500
"""From this answer on, an SMTP refusal is for good (RFC 5321 §4.2.1)."""


@dataclass(frozen=True)
class MailServer:
    """Where letters go. `security`: `starttls`, `tls` or `none`; `ca_file` empty means the system's authorities."""

    host: str
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password: Secret | None = None
    sender: str = "raccord@localhost"
    ca_file: str = ""


@dataclass(frozen=True)
class Attachment:
    """A small file joined to a letter."""

    name: str
    mime: str
    content: bytes = field(repr=False)


class Undeliverable(Unavailable):
    """The mail server will never take a letter for this address: trying again is of no use."""


class Mailer:
    """Sends letters, one connection for each."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def send(
        self, to: Sequence[str], subject: str, text: str, attachments: Sequence[Attachment] = (), *, letter: str = ""
    ) -> None:
        """Send one letter to each address. Raises `Unavailable` COURRIEL_NON_ENVOYE: the server may take it later;
        `Undeliverable` COURRIEL_REFUSE: it never will.

        `letter`: an identifier that stays the same at each new try, so that the mail server or the reader's program
        knows one that came twice.
        """
        if not to:
            return
        try:
            with ExitStack() as stack:
                smtp = stack.enter_context(self._open())
                for address in to:
                    smtp.send_message(self._letter(address, subject, text, attachments, letter))
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(error) from error
        except (OSError, smtplib.SMTPException) as error:
            sentence = f"Le serveur d’envoi {self._server.host} n’a pas pris le courriel ({type(error).__name__})."
            raise Unavailable(
                "COURRIEL_NON_ENVOYE", sentence, "Vérifiez les réglages RACCORD_SMTP_* ; Raccord réessaiera."
            ) from error

    def _open(self) -> smtplib.SMTP:
        server = self._server
        trusted = ssl.create_default_context(cafile=server.ca_file or None)
        if server.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT_S, context=trusted)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_S)
        try:
            if server.security == "starttls":
                smtp.starttls(context=trusted)
            if server.user and server.password:
                smtp.login(server.user, server.password.reveal())
        except BaseException:  # a Ctrl-C too: the line is not left open
            smtp.close()
            raise
        return smtp

    def _letter(
        self, to: str, subject: str, text: str, attachments: Sequence[Attachment], identifier: str
    ) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["To"] = self._server.sender, to
        letter["Subject"] = " ".join(subject.split())
        letter["Date"] = formatdate(localtime=True)
        letter["Message-ID"] = f"<{identifier}@raccord>" if identifier else make_msgid(domain="raccord")
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text)
        for one in attachments:
            kind, _, subtype = one.mime.partition("/")
            letter.add_attachment(one.content, maintype=kind, subtype=subtype, filename=one.name)
        return letter


def _refused(error: smtplib.SMTPRecipientsRefused) -> Unavailable:
    for address, (code, _) in error.recipients.items():
        if code >= _NEVER:
            sentence = f"Le serveur d’envoi refuse l’adresse {address} (réponse {code})."
            return Undeliverable("COURRIEL_REFUSE", sentence, "Corrigez l’adresse de cette personne.")
    sentence = "Le serveur d’envoi ne prend pas le courriel pour l’instant."
    return Unavailable("COURRIEL_NON_ENVOYE", sentence, "Raccord réessaiera.")
