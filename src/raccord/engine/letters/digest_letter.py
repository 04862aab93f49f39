"""The words of the letter of the day: figures first, then each invoice by service and by supplier, with its link."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from raccord.domain.deadlines import told
from raccord.domain.digests import Side
from raccord.domain.money import french
from raccord.engine.boards import SOON, Board, Line

_MOST = 100
"""Invoices named in one letter; the others are counted, and the board has them."""


@dataclass(frozen=True)
class Letter:
    """A letter as it would leave; `quiet`: nothing is late, nothing is soon due."""

    subject: str
    text: str
    quiet: bool


def letter_of(board: Board, side: Side, place: str, public_url: str) -> Letter:
    """The letter about this board; `place` names the structure or the connection, empty for all of them."""
    late = [line for line in board.lines if line.standing.late_by]
    near = [line for line in board.lines if not line.standing.late_by]
    subject = f"Raccord : {_headline(board.late, board.soon)}{f' ({place})' if place else ''}"
    link = f"{public_url}/echeances{'?cote=receptions' if side is Side.RECEPTIONS else ''}"
    lines = [f"{side.label}{f' – {place}' if place else ''}, le {board.today:%d/%m/%Y}", ""]
    lines += [*_figures(board), ""]
    lines += [
        *_part("En retard", late, board.late, side, public_url),
        *_part("Bientôt dues", near, board.soon, side, public_url),
    ]
    lines += [
        f"Tout le tableau : {link}",
        f"Ne plus recevoir ce courriel, ou en changer l’heure : {public_url}/echeances/courriel",
    ]
    return Letter(subject, "\n".join(lines), not board.late and not board.soon)


def _headline(late: int, near: int) -> str:
    if not late and not near:
        return "aucune facture en retard ni bientôt due"
    parts = [_count(late, "facture en retard", "factures en retard")] if late else []
    if near:
        parts.append(_count(near, "bientôt due", "bientôt dues") if late else
                     _count(near, "facture bientôt due", "factures bientôt dues"))  # fmt: skip
    return ", ".join(parts)


def _figures(board: Board) -> Iterator[str]:
    if board.late:
        owed = board.interest + board.indemnity
        yield f"En retard : {board.late}, pour {french(board.late_amount)}\u00a0€."
        yield f"Intérêts et indemnités dus à ce jour : {french(owed)}\u00a0€."
    else:
        yield "Aucune facture n’est en retard."
    yield f"Dues dans les {SOON} jours : {board.soon}." if board.soon else f"Aucune n’est due dans les {SOON} jours."
    if board.paused:
        yield f"Délai suspendu, en attente de pièces du fournisseur : {board.paused}."
    if not board.complete:
        yield "Des échéances sont en cours de calcul : ce courriel peut ne pas compter toutes les factures en retard."


def _part(title: str, lines: Sequence[Line], many: int, side: Side, public_url: str) -> Iterator[str]:
    """The first of `lines`, and how many of the `many` are not named."""
    if not many:
        return
    yield from (title.upper(), "")
    named = sorted(lines[:_MOST], key=_where)
    for service, of_service in groupby(named, key=lambda line: _where(line)[0]):
        yield f"Service : {service}"
        for party, invoices in groupby(of_service, key=lambda line: _where(line)[1]):
            yield f"  {party}"
            for line in sorted(invoices, key=lambda line: -line.standing.late_by):
                yield from _invoice(line, side, public_url)
        yield ""
    if many > len(named):
        yield from (f"… et {many - len(named)} autres, dans le tableau.", "")


def _invoice(line: Line, side: Side, public_url: str) -> Iterator[str]:
    one, stands = line.invoice, line.standing
    amount = "montant inconnu" if one.amount is None else f"{french(one.amount)}\u00a0€"
    due = f" (échéance le {stands.due:%d/%m/%Y})" if stands.due else ""
    yield f"    - {one.number} : {amount}, {_lowered(told(stands))}{due}. {line.why}."
    page = "receptions" if side is Side.RECEPTIONS else "depots"
    yield f"      {public_url}/{page}/{one.id}"


def _where(line: Line) -> tuple[str, str]:
    return line.invoice.service or "sans service", line.invoice.party or "sans nom"


def _count(many: int, one: str, several: str) -> str:
    return f"{many} {several if many > 1 else one}"


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]
