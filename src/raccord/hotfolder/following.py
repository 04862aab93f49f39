"""What becomes of accepted invoices, told beside them: the sheet of `deposees/` follows Chorus Pro.

An invoice that Chorus Pro refuses later comes back to `a-corriger/` with its reasons. The cursor is that of a consumer
of the journal; a stop tells the same news again, and the same sheet is written.
"""

import os
from pathlib import Path

from raccord.domain.deposit import Deposit, DepositState
from raccord.domain.errors import NotFound
from raccord.engine.gateway import Gateway
from raccord.engine.receptions.handover import FOLDER_NEWS
from raccord.hotfolder.claims import Mark
from raccord.hotfolder.incoming import SOURCE
from raccord.hotfolder.places import Places, read_sheet, write_sheet, write_words
from raccord.hotfolder.sheets import beside, facts_of, free_name, words_of

_NEWS = frozenset({"deposit.integrated", "deposit.refused", "deposit.status", "deposit.sent", "deposit.to_decide",
                   "deposit.cancelled"})  # fmt: skip
_BATCH = 500


class Following:
    """Writes again the sheets of the invoices of which there is news."""

    def __init__(self, gateway: Gateway, places: Places, mark: Mark) -> None:
        self._gateway, self._places, self._mark = gateway, places, mark

    def look(self) -> int:
        """Read the news since the last look; gives how many sheets were written."""
        written = 0
        if not self._gateway.handovers.place(
            FOLDER_NEWS
        ):  # the first look of all: what came before is not the folder's
            self._gateway.handovers.move(
                FOLDER_NEWS, 0, max((e.seq for e in self._gateway.journal.latest(1)), default=0)
            )
        while True:
            after = self._gateway.handovers.place(FOLDER_NEWS)
            news = self._gateway.journal.read(after=after, limit=_BATCH)
            if not news:
                return written
            subjects = dict.fromkeys(event.subject for event in news if event.kind in _NEWS)
            written += sum(self._tell(subject.removeprefix("deposit/")) for subject in subjects)
            self._mark("news told")
            self._gateway.handovers.move(FOLDER_NEWS, after, news[-1].seq)

    def _tell(self, deposit_id: str) -> bool:
        try:
            deposit = self._gateway.outbox.get(deposit_id)
        except NotFound:
            return False
        if not deposit.author.startswith(SOURCE):
            return False
        sheet = self._sheet(deposit)
        if sheet is None:
            return False
        if deposit.state is DepositState.REFUSED:
            self._bring_back(sheet, deposit)
        else:
            write_sheet(sheet, read_sheet(sheet) | facts_of(deposit))
        return True

    def _sheet(self, deposit: Deposit) -> Path | None:
        """The sheet of that deposit in `deposees/`; None when the software took it away."""
        name = free_name(self._places.accepted, deposit.filename, deposit.sha256)
        sheet = self._places.accepted / f"{name}.json"
        return sheet if read_sheet(sheet).get("sha256") == deposit.sha256 else None

    def _bring_back(self, sheet: Path, deposit: Deposit) -> None:
        main, told = sheet.name.removesuffix(".json"), read_sheet(sheet)
        name = free_name(self._places.refused, deposit.filename, deposit.sha256)
        files = told.get("fichiers") or [told.get("fichier") or main]
        finals = {one: beside(one, main, name) for one in files}
        write_words(self._places.refused / f"{name}.erreurs.txt", words_of(name, deposit.faults))
        shown = {"fichier": finals.get(main, name), "sha256": deposit.sha256, **facts_of(deposit)}
        shown |= {"fichiers": list(finals.values())} if len(finals) > 1 else {}
        write_sheet(self._places.refused / f"{name}.json", shown)
        self._mark("refusal written")
        for one, final in finals.items():
            if (sheet.parent / one).exists():
                os.replace(sheet.parent / one, self._places.refused / final)
        sheet.unlink(missing_ok=True)
