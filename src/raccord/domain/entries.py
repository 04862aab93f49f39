"""The journal and the accounts of the entries of purchases, as the accountant of a public body chooses them."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from raccord.domain.errors import Invalid

_CODE = re.compile(r"[A-Za-z0-9._-]{1,20}")
_HOLES = {"{siren}": 9, "{siret}": 14}
LABELS: Mapping[str, str] = {
    "journal": "Code du journal",
    "expense": "Compte de charge",
    "vat": "Compte de TVA déductible",
    "supplier": "Compte du fournisseur",
}


@dataclass(frozen=True)
class Accounts:
    """Where entries go; empty `vat`: the VAT stays in the expense, as for most towns.

    `supplier` may hold `{siren}` or `{siret}`: one account for each supplier (« 401{siren} »).
    """

    journal: str = "AC"
    expense: str = "606000"
    vat: str = "445660"
    supplier: str = "401000"

    def supplier_of(self, identifier: str) -> str:
        """The account of the supplier of that identifier (SIRET, or what Chorus Pro gives abroad)."""
        return self.supplier.replace("{siret}", identifier).replace("{siren}", identifier[:9])

    def changed(self, given: Mapping[str, str]) -> "Accounts":
        """These accounts with what is given in their place. Raises `Invalid` (`ECRITURES_COMPTE`)."""
        known = {name: text.strip() for name, text in given.items() if name in LABELS}
        return checked(replace(self, **known))


def checked(accounts: Accounts) -> Accounts:
    """The same, once each is a code that accounting software takes. Raises `Invalid` (`ECRITURES_COMPTE`)."""
    for name, text in asdict(accounts).items():
        plain = text
        for hole in _HOLES if name == "supplier" else ():
            plain = plain.replace(hole, "")
        if not (_CODE.fullmatch(plain or "x") and (plain or text or name == "vat")):
            raise Invalid(
                "ECRITURES_COMPTE",
                f"{LABELS[name]} : « {text[:40]} » ne convient pas.",
                "Employez de 1 à 20 lettres sans accent, chiffres, points ou tirets (le compte de TVA peut être vide ; "
                "celui du fournisseur peut contenir {siren} ou {siret}).",
            )
    return accounts
