"""What a supplier answers to a public body: asked here, made durable, sent by `replying.py`."""

from dataclasses import replace

from raccord.checks.chorus_attachments import EXTENSIONS
from raccord.checks.context import MEGABYTE
from raccord.domain import statuses as words
from raccord.domain.answers import Answer, AnswerKind, Joined, KeptFile, NewAnswer
from raccord.domain.deposit import Deposit
from raccord.domain.errors import Conflict, Invalid
from raccord.domain.file_names import as_kept
from raccord.domain.reception import PostState
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.names import ANSWER
from raccord.store import answers, deposits, journal

COMMENT_MAX = 2000
FILE_MAX = 10 * MEGABYTE
"""Limits of `completer` and `ajouter/fichier` (specifications/api/factures.md §7, saisie.md §3)."""


class Answering:
    """Takes a supplier's answers in charge and tells what became of them."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def answer(self, new: NewAnswer) -> Answer:
        """Answer about a deposit, durably.

        Raises `Invalid` (`REPONSE_VIDE`, `REPONSE_TROP_LONGUE`, `REPONSE_FICHIER`), `Conflict`
        (`REPONSE_HORS_DE_PROPOS`, `REPONSE_EN_COURS`), `NotFound`.
        """
        new = replace(new, files=tuple(replace(file, name=as_kept(file.name)) for file in new.files))
        _check(new)
        ground, now = self._ground, self._ground.clock()
        files = tuple(self._keep(file) for file in new.files)
        with ground.store.begin() as conn:
            deposit = deposits.get(conn, new.deposit_id)
            _check_standing(new, deposit, answers.of_deposit(conn, deposit.id))
            kept = Answer(
                id=ground.new_id(),
                deposit_id=deposit.id,
                kind=new.kind,
                comment=new.comment.strip(),
                files=files,
                state=PostState.WAITING,
                reply="",
                author=new.author[:120],
                created_at=now,
                updated_at=now,
            )
            answers.insert(conn, kept, deposit.connection_id, new.source[:20])
            facts = {"answer": new.kind.value, "comment": kept.comment[:500], "files": [file.name for file in files]}
            event = ground.event(f"deposit/{deposit.id}", "answer.asked", new.author or "raccord", **facts)
            journal.append(conn, event)
            args = {"connection_id": deposit.connection_id}
            ground.jobs.schedule(conn, ANSWER, deposit.connection_id, args, priority=2)
        return kept

    def answers(self, deposit_id: str) -> tuple[Answer, ...]:
        """The answers given about a deposit, in their order."""
        with self._ground.store.read() as conn:
            return answers.of_deposit(conn, deposit_id)

    def possible(self, deposit_id: str) -> tuple[AnswerKind, ...]:
        """What may be answered now."""
        with self._ground.store.read() as conn:
            deposit, given = deposits.get(conn, deposit_id), answers.of_deposit(conn, deposit_id)
        return tuple(kind for kind in AnswerKind if _fault(kind, deposit, given) is None)

    def _keep(self, file: Joined) -> KeptFile:
        sha256 = self._ground.archive.put(file.data)
        return KeptFile("joined", file.name, file.designation or file.name, sha256, len(file.data))


def _check(new: NewAnswer) -> None:
    if new.kind is AnswerKind.COMPLETE and not (new.comment.strip() or new.files):
        raise Invalid(
            "REPONSE_VIDE",
            "Rien n’a été joint ni écrit : la facture resterait suspendue.",
            "Joignez la pièce demandée par le destinataire, ou répondez-lui par un commentaire.",
        )
    if len(new.comment.strip()) > COMMENT_MAX:
        raise Invalid(
            "REPONSE_TROP_LONGUE",
            f"Le commentaire compte {len(new.comment.strip())} caractères : Chorus Pro en accepte {COMMENT_MAX}.",
            "Raccourcissez-le, ou joignez une lettre.",
        )
    for file in new.files:
        _check_file(file)


def _check_file(file: Joined) -> None:
    extension = file.name.rpartition(".")[2].lower()
    if extension not in EXTENSIONS or "." not in file.name:
        sentence = f"Chorus Pro n’accepte pas le fichier « {file.name[:80]} » à cause de son extension."
        raise Invalid("REPONSE_FICHIER", sentence, "Joignez de préférence un PDF.")
    if not file.data:
        sentence = f"Le fichier « {file.name[:80]} » est vide."
        raise Invalid("REPONSE_FICHIER", sentence, "Choisissez le bon fichier, puis recommencez.")
    if len(file.data) > FILE_MAX:
        sentence = f"Le fichier « {file.name[:80]} » dépasse 10 Mo : Chorus Pro le refuserait."
        raise Invalid("REPONSE_FICHIER", sentence, "Réduisez-le ou coupez-le en plusieurs fichiers.")


def _check_standing(new: NewAnswer, deposit: Deposit, given: tuple[Answer, ...]) -> None:
    fault = _fault(new.kind, deposit, given)
    if fault is not None:
        raise fault


def _fault(kind: AnswerKind, deposit: Deposit, given: tuple[Answer, ...]) -> Conflict | None:
    if deposit.platform_status != kind.asks_for or not deposit.id_facture:
        here = words.label(deposit.platform_status) if deposit.platform_status else deposit.state.label
        return Conflict(
            "REPONSE_HORS_DE_PROPOS",
            f"Cette réponse ne vaut que pour une facture « {words.label(kind.asks_for)} » ; celle-ci est « {here} ».",
            "Relevez les statuts, puis rouvrez la facture pour voir où elle en est.",
        )
    same = [one for one in given if one.kind is kind]
    if any(one.state.is_open for one in same):
        return Conflict(
            "REPONSE_EN_COURS",
            "Une réponse est déjà en route vers Chorus Pro pour cette facture.",
            "Attendez qu’elle soit arrivée : son état est affiché sur la page de la facture.",
        )
    if kind is AnswerKind.REJECTION and any(one.state is PostState.DONE for one in same):
        return Conflict(
            "REPONSE_EN_COURS",
            "Le rejet de cette facture est déjà déclaré traité.",
            "Il reste à déposer la nouvelle facture, avec un nouveau numéro, si ce n’est pas fait.",
        )
    return None
