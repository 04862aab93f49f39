"""Statuses that a public body gives: asked here, made durable, posted in order by `posting.py`."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from raccord.domain import statuses as words
from raccord.domain.errors import Conflict, Invalid, NotFound, RaccordError
from raccord.domain.reception import NewStatus, PostState, Reception, StatusPost
from raccord.engine.foundation import passages
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.names import POST
from raccord.engine.foundation.passages import StatusPassage
from raccord.engine.foundation.talk import live
from raccord.store import connections, journal, posts, receptions

MOST_AT_ONCE = 500
"""Receptions that one bulk request may bear on."""
MANDATE_MAX = 60


@dataclass(frozen=True)
class Outcome:
    """What became of one reception of a bulk: the statuses asked, or why none was."""

    reception_id: str
    posts: tuple[StatusPost, ...]
    refusal: RaccordError | None


def not_too_many(count: int) -> None:
    """Raises `Invalid` (`STATUT_TROP_NOMBREUX`) beyond `MOST_AT_ONCE`."""
    if count > MOST_AT_ONCE:
        raise Invalid(
            "STATUT_TROP_NOMBREUX",
            f"Plus de {MOST_AT_ONCE} factures sont choisies : Raccord en traite {MOST_AT_ONCE} à la fois.",
            "Traitez-les en plusieurs fois, par exemple service par service.",
        )


class Statuses:
    """Takes statuses in charge and answers about them."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def post(self, new: NewStatus) -> StatusPost:
        """Give a reception a status, durably. The same request while the first one is on its way gives that one back.

        Raises `Invalid` (`STATUT_INCONNU`, `STATUT_MOTIF_OBLIGATOIRE`, `STATUT_MOTIF_TROP_LONG`,
        `STATUT_MANDAT_DEPLACE`, `STATUT_MANDAT_TROP_LONG`), `Conflict` (`STATUT_NON_PERMIS`), `NotFound`.
        """
        return self.chain((new,))[0]

    def chain(self, wishes: Sequence[NewStatus]) -> tuple[StatusPost, ...]:
        """Give one reception several statuses in that order, all or none; a step already made is passed over.

        Raises what `post` raises, and `Invalid` (`STATUT_ABSENT`) for an empty chain.
        """
        for wish in wishes:
            _check(wish)
        with self._ground.store.begin() as conn:
            return self._ask(conn, wishes)

    def in_bulk(self, chains: Sequence[Sequence[NewStatus]]) -> tuple[Outcome, ...]:
        """Give many receptions their statuses in one commit; one refused leaves the others.

        A process that dies before the end has asked for none; afterwards all that were accepted leave. Raises `Invalid`
        (`STATUT_TROP_NOMBREUX`) beyond `MOST_AT_ONCE`.
        """
        not_too_many(len(chains))
        outcomes = []
        with self._ground.store.begin() as conn:
            receptions.hold(conn, [wishes[0].reception_id for wishes in chains if wishes])
            for wishes in chains:
                reception_id = wishes[0].reception_id if wishes else ""
                try:
                    for wish in wishes:
                        _check(wish)
                    outcomes.append(Outcome(reception_id, self._ask(conn, wishes), None))
                except (Invalid, Conflict, NotFound) as refusal:  # raised before anything of this chain is written
                    outcomes.append(Outcome(reception_id, (), refusal))
        return tuple(outcomes)

    def _ask(self, conn: sa.Connection, wishes: Sequence[NewStatus]) -> tuple[StatusPost, ...]:
        if not wishes:
            raise Invalid("STATUT_ABSENT", "Aucun statut n’est demandé.", "Choisissez un statut.")
        receptions.hold(conn, [wishes[0].reception_id])
        reception = receptions.get(conn, wishes[0].reception_id)
        asked = posts.of_reception(conn, reception.id)
        again = _asked_already(wishes, asked)
        if again:
            return again
        steps = _steps(wishes, _standing(reception, asked))
        return tuple(self._write(conn, reception, step) for step in steps)

    def _write(self, conn: sa.Connection, reception: Reception, new: NewStatus) -> StatusPost:
        ground, now = self._ground, self._ground.clock()
        post = StatusPost(
            id=ground.new_id(),
            reception_id=reception.id,
            target=new.target,
            motif=new.motif,
            mandate_number=new.mandate_number,
            state=PostState.WAITING,
            answer="",
            author=new.author,
            created_at=now,
            updated_at=now,
        )
        posts.insert(conn, post, reception.connection_id, new.source)
        facts = {"target": new.target, "motif": new.motif, "mandate": new.mandate_number, "source": new.source}
        journal.append(
            conn, ground.event(f"reception/{reception.id}", "status.asked", new.author or "raccord", **facts)
        )
        args = {"connection_id": reception.connection_id}
        ground.jobs.schedule(conn, POST, reception.connection_id, args, priority=2)
        return post

    def targets(self, reception_id: str) -> tuple[str, ...]:
        """What may be posted now, after what already waits."""
        with self._ground.store.read() as conn:
            reception = receptions.get(conn, reception_id)
            return words.targets_from(_standing(reception, posts.of_reception(conn, reception_id)))

    def posts(self, reception_id: str) -> tuple[StatusPost, ...]:
        """The statuses asked for a reception, in their order."""
        with self._ground.store.read() as conn:
            return posts.of_reception(conn, reception_id)

    def history(self, reception_id: str) -> tuple[StatusPassage, ...]:
        """What Chorus Pro remembers of this invoice, read now. Raises `Unavailable`."""
        with self._ground.store.read() as conn:
            reception = receptions.get(conn, reception_id)
            connection = connections.get(conn, reception.connection_id)
        with live(self._ground, connection) as chorus:
            return passages.history(chorus, reception.id_facture)


def _standing(reception: Reception, asked: tuple[StatusPost, ...]) -> str:
    """The status that the reception will have once what waits has gone through."""
    waiting = [post for post in asked if post.state.is_open]
    return waiting[-1].target if waiting else reception.platform_status


def _check(new: NewStatus) -> None:
    if new.target not in words.TARGETS:
        raise Invalid(
            "STATUT_INCONNU",
            f"« {words.label(new.target)} » n’est pas un statut qu’un destinataire peut donner.",
            "Choisissez l’un des statuts proposés sur la page de la facture.",
        )
    if new.target in words.NEEDS_MOTIF and not new.motif.strip():
        raise Invalid(
            "STATUT_MOTIF_OBLIGATOIRE",
            f"Le statut « {words.label(new.target)} » demande un motif : le fournisseur doit savoir quoi corriger.",
            "Écrivez le motif en quelques mots (255 caractères au plus).",
        )
    if len(new.motif) > words.MOTIF_MAX:
        raise Invalid(
            "STATUT_MOTIF_TROP_LONG",
            f"Le motif compte {len(new.motif)} caractères : Chorus Pro en accepte 255.",
            "Raccourcissez le motif.",
        )
    if len(new.mandate_number) > MANDATE_MAX:
        raise Invalid(
            "STATUT_MANDAT_TROP_LONG",
            f"Le numéro de mandat compte {len(new.mandate_number)} caractères : {MANDATE_MAX} au plus.",
            "Vérifiez le numéro de mandat.",
        )
    if new.mandate_number and new.target != "MANDATEE":
        raise Invalid(
            "STATUT_MANDAT_DEPLACE",
            "Un numéro de mandat ne va qu’avec le statut « Mandatée ».",
            "Effacez le numéro de mandat, ou choisissez le statut « Mandatée ».",
        )


def _asked_already(wishes: Sequence[NewStatus], asked: Sequence[StatusPost]) -> tuple[StatusPost, ...]:
    """The last posts when they are these very wishes and still on their way: a double click, a program that retries."""
    last = tuple(asked[-len(wishes) :])
    same = [_content(post) for post in last] == [_content(wish) for wish in wishes]
    return last if same and last[-1].state.is_open else ()


def _content(one: NewStatus | StatusPost) -> tuple[str, str, str]:
    return one.target, one.motif, one.mandate_number


def _steps(wishes: Sequence[NewStatus], standing: str) -> list[NewStatus]:
    """The steps to make from there. Raises `Conflict` when Chorus Pro would refuse one of them."""
    if len(wishes) > 1 and wishes[0].target == standing:
        wishes = wishes[1:]
    for wish in wishes:
        _check_path(wish, standing)
        standing = wish.target
    return list(wishes)


def _check_path(new: NewStatus, standing: str) -> None:
    legal = words.targets_from(standing)
    if new.target in legal:
        return
    choices = ", ".join(f"« {words.label(target)} »" for target in legal)
    raise Conflict(
        "STATUT_NON_PERMIS",
        f"Depuis le statut « {words.label(standing)} », Chorus Pro n’accepte pas « {words.label(new.target)} ».",
        f"Choisissez parmi : {choices}." if legal else "Ce statut est définitif, ou l’étape revient au fournisseur.",
    )
