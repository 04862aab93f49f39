"""A PDF on the desk of a person who types its data: kept meanwhile, and read by Chorus Pro when asked.

The draft is a sealed text that the form carries, bound to its person and to half a day; no table knows it, and a PDF
that became no invoice is destroyed. Chorus Pro's reading (`deposer/pdf`, specifications/saisie.md §2) creates no
invoice: it parks the PDF and says what it recognised.
"""

import base64
import binascii
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec

from choruspro import ChorusPro
from choruspro.enumerations import FormatDepotPdf, TypeFacture
from choruspro.models.factures_depot import WsRetourDeposerPdfFacture
from raccord.checks import gate
from raccord.checks.context import Limits
from raccord.domain.errors import Invalid, Misconfigured, RaccordError
from raccord.domain.file_names import as_kept
from raccord.engine.deposits.parcel import safe_name
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.names import DRAFT
from raccord.engine.foundation.port import Args, Later
from raccord.engine.foundation.talk import live
from raccord.formats.pdf import looks_like_pdf
from raccord.store import connections
from raccord.store.archive import rows as archive_rows
from raccord.vault import Vault

_LIFE = timedelta(hours=12)


@dataclass(frozen=True)
class Draft:
    """A PDF kept while its data are typed. `piece`: its identifier at Chorus Pro, once that connection has read it."""

    token: str = field(repr=False)
    filename: str
    sha256: str
    connection_id: str = ""
    piece: int | None = None


@dataclass(frozen=True)
class Recognised:
    """What Chorus Pro read on a PDF; what it could not read is empty. Amounts are those of the whole invoice."""

    number: str = ""
    issue_date: date | None = None
    supplier: str = ""
    recipient: str = ""
    service: str = ""
    commitment: str = ""
    is_credit: bool = False
    net: Decimal | None = None
    vat: Decimal | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing was recognised."""
        return self == Recognised(is_credit=self.is_credit)

    @property
    def rate(self) -> Decimal | None:
        """The one rate that explains the amounts, in percent; None when there may be several, or none is known."""
        if not self.net or self.vat is None:
            return None
        known = map(Decimal, ("0", "2.1", "5.5", "8.5", "10", "20"))
        return next((one for one in known if abs(self.net * one / 100 - self.vat) < Decimal("0.05")), None)


class _Sealed(msgspec.Struct, frozen=True):
    owner: str
    until: datetime
    filename: str
    sha256: str
    connection_id: str = ""
    piece: int | None = None


_read_sealed = msgspec.json.Decoder(_Sealed)
"""Built alone: msgspec does not bear two threads at the first use of a type."""


class Drafts:
    """Keeps the PDF of a person who types."""

    def __init__(self, ground: Ground, vault: Vault) -> None:
        self._ground, self._vault = ground, vault

    def keep(self, owner: str, filename: str, data: bytes) -> Draft:
        """Keep a PDF for this person. Raises `Invalid` (`FICHIER_PAS_PDF`, `FICHIER_ILLISIBLE`)."""
        filename = as_kept(filename)
        if not looks_like_pdf(data):
            raise Invalid("FICHIER_PAS_PDF", f"« {filename} » n’est pas un PDF.", "Choisissez le PDF de la facture.")
        for fault in gate.check_file(data, filename, Limits()):
            if fault.is_error:
                raise Invalid("FICHIER_ILLISIBLE", fault.sentence, fault.cure)
        sha256 = self._ground.archive.put(data)
        with self._ground.store.begin() as conn:
            self._ground.jobs.schedule(conn, DRAFT, sha256, {"sha256": sha256}, delay=2 * _LIFE.total_seconds())
        return self._sealed(owner, Draft("", filename, sha256))

    def forget(self, args: Args) -> None:
        """Job: destroy a PDF that became no invoice. Raises `Later` while somebody may still have it on the desk."""
        sha256 = str(args["sha256"])
        with self._ground.store.read() as conn:
            if archive_rows.among_referenced(conn, [sha256]):
                return
        if not self._ground.archive.drop(sha256, self._ground.clock() - _LIFE):
            raise Later(_LIFE.total_seconds())

    def open(self, owner: str, token: str) -> tuple[Draft, bytes]:
        """The draft of this person, and its PDF. Raises `Invalid` (`BROUILLON_PERDU`)."""
        try:
            sealed = base64.urlsafe_b64decode(token.encode("ascii", "replace"))
            kept = _read_sealed.decode(self._vault.open_bytes(_place(owner), sealed))
        except (binascii.Error, Misconfigured, msgspec.MsgspecError, ValueError, IndexError):
            raise _lost() from None
        if kept.owner != owner or kept.until < self._ground.clock():
            raise _lost()
        draft = Draft(token, kept.filename, kept.sha256, kept.connection_id, kept.piece)
        return draft, self._ground.archive.get(kept.sha256)

    def recognise(self, owner: str, draft: Draft, connection_id: str) -> tuple[Draft, Recognised]:
        """Have Chorus Pro read the PDF by this connection. Raises `Unavailable`, `NotFound`."""
        with self._ground.store.read() as conn:
            connection = connections.get(conn, connection_id)
        with live(self._ground, connection) as chorus:
            answer = self._ask(chorus, draft)
        read = replace(draft, connection_id=connection_id, piece=answer.pieceJointeId or None)
        return self._sealed(owner, read), _recognised(answer)

    def _ask(self, chorus: ChorusPro, draft: Draft) -> WsRetourDeposerPdfFacture:
        return chorus.factures.deposer_pdf(
            fichierFacture=self._ground.archive.get(draft.sha256),
            nomFichier=safe_name(draft.filename),
            formatDepot=FormatDepotPdf.PDF_NON_SIGNE,
        )

    def _sealed(self, owner: str, draft: Draft) -> Draft:
        until = self._ground.clock() + _LIFE
        kept = _Sealed(owner, until, draft.filename, draft.sha256, draft.connection_id, draft.piece)
        sealed = self._vault.seal_bytes(_place(owner), msgspec.json.encode(kept))
        return replace(draft, token=base64.urlsafe_b64encode(sealed).decode())


def _place(owner: str) -> str:
    return f"draft/{owner}"


def _lost() -> RaccordError:
    return Invalid(
        "BROUILLON_PERDU",
        "Le PDF que vous complétiez n’est plus sur le bureau : il y reste une demi-journée.",
        "Choisissez-le de nouveau ; ce que vous avez saisi est toujours dans le formulaire.",
    )


def _recognised(answer: WsRetourDeposerPdfFacture) -> Recognised:
    return Recognised(
        number=answer.numeroFacture or "",
        issue_date=answer.dateFacture,
        supplier=answer.codeFournisseur or "",
        recipient=answer.codeDestinataire or "",
        service=answer.codeServiceExecutant or "",
        commitment=answer.numeroBonCommande or "",
        is_credit=answer.typeFacture == TypeFacture.AVOIR,
        net=answer.montantHtTotal,
        vat=answer.montantTVA,
    )
