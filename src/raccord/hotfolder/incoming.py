"""From `a-deposer/` to `deposees/` or `a-corriger/`.

1 see the files twice unchanged, 2 claim them by renames into a folder of their own, 3 accept them under a key made from
their content, 4 write what became of them, 5 put them away by renames. A stop after any step is taken up at the next
look.
"""

import contextlib
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from raccord.domain.answers import Joined
from raccord.domain.deposit import Deposit, DepositState, NewDeposit
from raccord.domain.errors import Invalid, RaccordError, Unavailable
from raccord.engine.deposits.entry import with_attachments
from raccord.engine.gateway import Gateway
from raccord.hotfolder.bundles import ALONE, Roster, page_of, stem_of
from raccord.hotfolder.claims import Claim, Claims, Mark
from raccord.hotfolder.places import Places, write_sheet, write_words
from raccord.hotfolder.sheets import beside, facts_of, free_name, words_of

SOURCE = "hotfolder"
PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Outcome:
    """What became of one invoice: where its main file lies now, and why when it was refused."""

    name: str
    path: Path
    accepted: bool
    sentence: str


@dataclass(frozen=True)
class _Verdict:
    """What was decided: accepted or not, the file that names the others, what is written beside."""

    accepted: bool
    main: str
    digest: str
    facts: Mapping[str, Any]
    words: str


class Incoming:
    """Takes the invoices that the software lays. `mark` is told of each step done; tests stop there."""

    def __init__(self, gateway: Gateway, places: Places, mark: Mark, patience: timedelta = PATIENCE) -> None:
        self._gateway, self._places, self._mark = gateway, places, mark
        self._roster = Roster(places, gateway.clock, patience)
        self._claims = Claims(places, gateway.ground.new_id, mark)

    def look(self) -> list[Outcome]:
        """Take up what was claimed before a stop, then claim what is whole and no longer moves."""
        outcomes = [self._finish(claim) for claim in self._claims.left()]
        outcomes += [self._finish(self._claims.take(bundle)) for bundle in self._roster.ready()]
        return [outcome for outcome in outcomes if outcome]

    def _finish(self, claim: Claim) -> Outcome | None:
        """Accept claimed files and put them away; None when they must wait, or when another worker was faster."""
        known = self._claims.decided(claim)
        if known:
            return self._put_away(claim, _Verdict(**known))
        verdict = self._decide(claim) if self._claims.gather(claim) else None
        if verdict is None:
            return None
        self._claims.decide(claim, vars(verdict))
        return self._put_away(claim, verdict)

    def _decide(self, claim: Claim) -> _Verdict | None:
        main = _main(claim)
        try:
            pieces = self._claims.read(claim)
            if pieces is None:
                return None
            deposit = self._accept(claim, pieces)
        except Unavailable:
            return None
        except RaccordError as refusal:
            return _refused(claim, main, refusal)
        self._mark("accepted")
        accepted = deposit.state is not DepositState.FAULTY
        words = f"{deposit.number} : {deposit.state.label}" if accepted else words_of(main, deposit.faults)
        return _Verdict(accepted, main, deposit.sha256, facts_of(deposit), words)

    def _accept(self, claim: Claim, pieces: dict[str, bytes]) -> Deposit:
        digest = hashlib.sha256(b"".join(hashlib.sha256(data).digest() for data in pieces.values()))
        data, terms = _data_and_terms(claim, pieces)
        key = digest.hexdigest() if terms else hashlib.sha256(data).hexdigest()
        new = NewDeposit(
            self._connection_id(claim), data, _main(claim), idempotency_key=f"{SOURCE}/{key}", author=SOURCE,
            source=SOURCE, terms=terms,
        )  # fmt: skip
        return self._gateway.outbox.accept(new).deposit

    def _connection_id(self, claim: Claim) -> str:
        """That of the folder in which the files were laid; "" where the outbox chooses."""
        below = claim.home.relative_to(self._places.claimed).parts
        return self._gateway.connections.find(below[1]).id if len(below) > 1 else ""

    def _put_away(self, claim: Claim, verdict: _Verdict) -> Outcome:
        """Write the answers first, then move the files: where the files lie, their answers are."""
        folder = self._places.accepted if verdict.accepted else self._places.refused
        name = free_name(folder, verdict.main, verdict.digest)
        finals = {one: beside(one, verdict.main, name) for one in claim.names}
        if not verdict.accepted:
            write_words(folder / f"{name}.erreurs.txt", verdict.words)
            self._mark("faults written")
        told = {"fichier": finals.get(verdict.main, finals[claim.lead]), "sha256": verdict.digest, **verdict.facts}
        write_sheet(folder / f"{name}.json", told | ({"fichiers": list(finals.values())} if len(finals) > 1 else {}))
        self._mark("sheet written")
        for one, final in finals.items():
            with contextlib.suppress(FileNotFoundError):  # another worker did the same
                os.replace(claim.home / one, folder / final)
            self._mark("put away")
        self._claims.close(claim)
        return Outcome(_main(claim), folder / told["fichier"], verdict.accepted, verdict.words)


def _main(claim: Claim) -> str:
    """The name under which people know the invoice: the PDF of a pair, else the file."""
    if not claim.lead.lower().endswith(".json"):
        return claim.lead
    return page_of(claim.names) or f"{claim.lead[: len(stem_of(claim.lead))]}.pdf"


def _data_and_terms(claim: Claim, pieces: dict[str, bytes]) -> tuple[bytes, bytes]:
    """The file and the data of a deposit. Raises `Invalid` for a half."""
    if not claim.lead.lower().endswith(".json"):
        return pieces[claim.lead], b""
    page = page_of(claim.names)
    if not claim.lead.lower().endswith(ALONE) and (page is None or page not in pieces):
        raise Invalid(
            "PAIRE_INCOMPLETE",
            f"Le PDF « {_main(claim)} », qui devait accompagner « {claim.lead} », n’est pas arrivé.",
            "Remettez les deux fichiers dans « a-deposer ». Si Raccord doit dessiner la page lui-même, nommez les "
            f"données « {claim.lead[:-5]}{ALONE} ».",
        )
    joined = [Joined(name, pieces[name]) for name in claim.names[1:] if name != page and name in pieces]
    terms = pieces[claim.lead].removeprefix(b"\xef\xbb\xbf")
    return pieces[page] if page else b"", with_attachments(terms, joined)


def _refused(claim: Claim, main: str, refusal: RaccordError) -> _Verdict:
    cure = refusal.cure
    if refusal.code == "FICHIER_PDF_SANS_DONNEES":
        cure = f"Posez à côté ses données, « {main[:-4]}.json », ou exportez une facture Factur-X de votre logiciel."
    facts = {"etat": "refused", "code": refusal.code, "phrase": refusal.sentence, "remede": cure}
    words = f"{main}\n\n{refusal.sentence}\n{cure}\n\n[{refusal.code}]\n"
    return _Verdict(False, main, _digest(claim), facts, words)


def _digest(claim: Claim) -> str:
    """The SHA-256 of the files of a claim, read by pieces: one of them may be huge."""
    whole = hashlib.sha256()
    for name in claim.names:
        with contextlib.suppress(FileNotFoundError), (claim.home / name).open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest() if len(claim.names) > 1 else b"")
            if len(claim.names) == 1:
                return hashlib.file_digest(file, "sha256").hexdigest()
    return whole.hexdigest()
