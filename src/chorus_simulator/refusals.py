"""How the platform says no: one exception, turned into an answer by the operations and into a page by the portal."""

from __future__ import annotations


class Refusal(Exception):
    """`code` is the codeRetour of the service (20000 and up, 400 for a malformed request), `libelle` what the
    platform writes, `http` the status of the answer (specifications/errors.md)."""

    def __init__(self, code: int, libelle: str, http: int = 200) -> None:
        super().__init__(f"{code} {libelle}")
        self.code, self.libelle, self.http = code, libelle, http


class TooLarge(Exception):
    """The answer or the request passes the size the platform allows: HTTP 413 (flux.md §6)."""


def malformed(libelle: str) -> Refusal:
    """A field that is missing or ill-formed: HTTP 400, `codeRetour` 400 (simulator-decisions.md §1)."""
    return Refusal(400, libelle, http=400)


def unknown_invoice() -> Refusal:
    """20000 `GDP_MSG_11.008` (errors.md §2)."""
    return Refusal(20000, "GDP_MSG_11.008 : La demande de paiement n'existe pas.")


def not_yours() -> Refusal:
    """20001 `GDP_MSG_11.005`: the invoice exists, the account has no right on it (errors.md §2)."""
    return Refusal(
        20001, "GDP_MSG_11.005 : L’utilisateur n’a pas les habilitations nécessaires pour soumettre la demande."
    )


def not_suspended() -> Refusal:
    """20002 `GDP_MSG_11.033` (errors.md §2)."""
    return Refusal(20002, 'GDP_MSG_11.033 : Le statut de la demande de paiement n\'est pas défini à "Suspendue".')


def incoherent_status() -> Refusal:
    """20002 and the sentence of `traiter/recue` for a transition that is not allowed (errors.md §2)."""
    return Refusal(20002, "Incohérence au niveau du statut d'origine ou de destination de la facture.")
