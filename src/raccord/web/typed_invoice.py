"""The fields of an invoice typed by a person: read one by one, what is wrong remembered beside each."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from raccord.domain.errors import RaccordError
from raccord.domain.identifiers import InvalidIdentifier, Siret
from raccord.engine.deposits.drafts import Recognised
from raccord.engine.gateway import Gateway
from raccord.formats.summary import Share, Summary
from raccord.web.forms import BAD_DAY, Form

RATES = (1, 2, 3)
FIELDS = (
    "nature", "cadre", "numero", "date", "echeance", "fournisseur", "nom_fournisseur", "destinataire",
    "nom_destinataire", "service", "engagement", "marche", "iban", "origine", "valideur", "voie", "connexion", "motif",
    *(f"{name}_{rank}" for rank in RATES for name in ("montant", "taux")),
)  # fmt: skip
BLANK = dict.fromkeys(FIELDS, "") | {"nature": "facture", "cadre": "A1", "taux_1": "20"}
_WANTED = "Cette donnée est nécessaire : recopiez-la du PDF."
_BAD_SIRET = "Un SIRET compte 14 chiffres. Recopiez-le du PDF ou de l’annuaire."
_BAD_AMOUNT = "Ce montant n’est pas lisible. Saisissez par exemple 1234,56."


def suggestions(read: Recognised, suppliers: Mapping[str, str]) -> dict[str, str]:
    """The fields that a reading fills, as a person would have typed them; a supplier who is not ours is left out."""
    found = {
        "numero": read.number,
        "date": read.issue_date.isoformat() if read.issue_date else "",
        "fournisseur": read.supplier if not suppliers or read.supplier in suppliers else "",
        "destinataire": read.recipient,
        "service": read.service,
        "engagement": read.commitment,
        "nature": "avoir" if read.is_credit else "",
    }
    if read.net and read.rate is not None:
        found |= {"montant_1": _shown(abs(read.net)), "taux_1": _shown(read.rate)}
    return {name: text for name, text in found.items() if text}


def public_name(gateway: Gateway, siret: str) -> str:
    """The name of a public body in the directory, "" when it is not there."""
    try:
        found = gateway.directory.find(Siret.parse(siret))
    except (RaccordError, InvalidIdentifier):
        return ""
    return found.name if found else ""


def _shown(amount: Decimal) -> str:
    return format(amount, "f").replace(".", ",")


class TypedInvoice:
    """Reads the fields, and remembers what is wrong with each."""

    def __init__(self, form: Form, gateway: Gateway, suppliers: Mapping[str, str]) -> None:
        self._form, self._gateway, self._suppliers = form, gateway, suppliers
        self.errors: dict[str, str] = {}

    def summary(self) -> Summary | None:
        """What was typed, None when something is missing; then `errors` says what."""
        form = self._form
        number, day = self._text("numero"), self._day("date", needed=True)
        supplier, recipient = self._siret("fournisseur"), self._siret("destinataire")
        shares, due = self._shares(), self._day("echeance")
        validator = self._siret("valideur") if form.text("valideur") else None
        if self.errors or day is None or supplier is None or recipient is None:
            return None
        return Summary(
            number=number,
            issue_date=day,
            supplier=supplier,
            supplier_name=form.text("nom_fournisseur") or self._suppliers.get(str(supplier), str(supplier)),
            recipient=recipient,
            recipient_name=form.text("nom_destinataire")
            or public_name(self._gateway, str(recipient))
            or str(recipient),
            shares=shares,
            due_date=due,
            type_code="381" if form.text("nature") == "avoir" else "380",
            cadre=form.text("cadre") or "A1",
            service=form.text("service"),
            commitment=form.text("engagement"),
            contract=form.text("marche"),
            iban=form.text("iban"),
            preceding=form.text("origine"),
            validator=validator,
        )

    def _text(self, name: str) -> str:
        if not self._form.text(name):
            self.errors[name] = _WANTED
        return self._form.text(name)

    def _day(self, name: str, *, needed: bool = False) -> date | None:
        try:
            day = self._form.day(name)
        except ValueError:
            self.errors[name] = BAD_DAY
            return None
        if needed and day is None:
            self.errors[name] = _WANTED
        return day

    def _siret(self, name: str) -> Siret | None:
        try:
            return Siret.parse(self._form.text(name).replace(" ", ""))
        except InvalidIdentifier:
            self.errors[name] = _BAD_SIRET
            return None

    def _shares(self) -> tuple[Share, ...]:
        found = [self._share(rank) for rank in RATES if self._form.text(f"montant_{rank}")]
        if not found:
            self.errors["montant_1"] = _WANTED
        return tuple(share for share in found if share is not None)

    def _share(self, rank: int) -> Share | None:
        amount, rate = self._decimal(f"montant_{rank}"), self._decimal(f"taux_{rank}")
        return None if amount is None or rate is None else Share(amount, rate, self._form.text("motif"))

    def _decimal(self, name: str) -> Decimal | None:
        plain = self._form.text(name).replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", ".")
        try:
            value = Decimal(plain)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            self.errors[name] = _BAD_AMOUNT
            return None
        return value
