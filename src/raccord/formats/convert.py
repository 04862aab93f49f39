"""From one syntax to another, with an honest account of what does not pass.

``convert`` writes the invoice in the other syntax, reads it back and compares: what differs is a loss.
``unread`` tells what a source file said that the model has no term for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from itertools import zip_longest

from raccord.domain.invoice import Invoice
from raccord.formats import cii, facturx, ubl, xml
from raccord.formats.detect import Syntax, syntax_of
from raccord.formats.problems import not_an_invoice
from raccord.formats.profile_fit import fitted_if_facturx
from raccord.formats.terms import term_of


def _write_cii(invoice: Invoice) -> bytes:
    return cii.write(fitted_if_facturx(invoice))


_WRITERS = {
    Syntax.CII: (_write_cii, cii.read),
    Syntax.UBL_INVOICE: (ubl.write, ubl.read),
    Syntax.UBL_CREDIT_NOTE: (ubl.write, ubl.read),
    Syntax.FACTURX: (facturx.write, facturx.read),
}


@dataclass(frozen=True, slots=True)
class Loss:
    """One term that did not pass: its dotted path in ``Invoice`` (or its path in the XML, when reading found no term
    for it), what stood there, what stands there now, and the number of the business term when it has one.
    """

    path: str
    before: str
    after: str = ""
    term: str = ""

    @property
    def sentence(self) -> str:
        """For a person, in French."""
        where = f"{self.term}, {self.path}" if self.term else self.path
        if not self.after:
            return f"« {self.before} » ({where}) n’a pas de place dans ce format et n’a pas été repris."
        return f"« {self.before} » ({where}) est devenu « {self.after} »."


def convert(invoice: Invoice, to: Syntax) -> tuple[bytes, tuple[Loss, ...]]:
    """``invoice`` written in ``to`` (CII, UBL or Factur-X), and what was lost on the way."""
    if to not in _WRITERS:
        raise not_an_invoice(f"{to.value} ne s’écrit pas")
    write, read = _WRITERS[to]
    data = write(invoice)
    back = read(data)
    return data, tuple(loss for loss in differences(invoice, back) if _is_lost(loss, invoice, back))


_SUMMED_UP = re.compile(r"extended\.instalments\[\d+\]\.text|lines\[(\d+)\]\.extended\.notes\[\d+\]\.text")


def _is_lost(loss: Loss, before: Invoice, after: Invoice) -> bool:
    """False of what the target says in more words, and of words that BT-20 or BT-127 still carry, no longer apart."""
    if not loss.before:
        return False
    if loss.path == "extended.instalments[0].due_date":
        return loss.before != str(after.due_date)
    if loss.path.endswith("contact.department"):
        return _at(after, loss.path.removesuffix("department") + "name") != loss.before
    found = _SUMMED_UP.fullmatch(loss.path)
    if not found or loss.after:
        return True
    if found.group(1) is None:
        return before.payment_terms != after.payment_terms
    position = int(found.group(1))
    return position >= len(after.lines) or before.lines[position].note != after.lines[position].note


def _at(value: object, path: str) -> object:
    """What stands at a path of the model; ``None`` when the way there is empty."""
    for step in re.findall(r"\w+", path):
        if isinstance(value, tuple):
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = getattr(value, step, None)
    return value


def differences(before: object, after: object, path: str = "") -> Iterator[Loss]:
    """Where two values of the model differ, term by term: what is gone is told field by field, with its value."""
    if before == after:
        return
    if is_dataclass(before) and (after is None or type(before) is type(after)):
        for field in fields(before):
            name = f"{path}.{field.name}" if path else field.name
            left, right = getattr(before, field.name), getattr(after, field.name, _NOTHING)
            if right is not _NOTHING or left not in _EMPTY:
                yield from differences(left, None if right is _NOTHING else right, name)
    elif isinstance(before, tuple) and (after is None or isinstance(after, tuple)):
        for position, (left, right) in enumerate(zip_longest(before, after or ())):
            yield from differences(left, right, f"{path}[{position}]")
    else:
        yield Loss(path, _shown(before), _shown(after), term_of(path))


_NOTHING = object()
_EMPTY = (None, "", ())


def _shown(value: object) -> str:
    if value in _EMPTY:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    return (f"{len(value)} octets" if isinstance(value, bytes) else str(value))[:200]


def unread(data: bytes) -> tuple[Loss, ...]:
    """What an XML file says that reading forgets: values and attributes that a rewriting in the same syntax no longer
    holds, at the same place or at another.
    """
    root = xml.parse(data)
    syntax = syntax_of(root)
    if syntax is Syntax.CII:
        invoice = cii.read_root(root)
        rewritten = cii.write(invoice)
    elif syntax.is_ubl:
        invoice = ubl.read_root(root)
        rewritten = ubl.write(invoice)
    else:
        raise not_an_invoice(f"type détecté : {syntax.value}")
    said = Counter(_leaves(root, invoice.currency))
    kept = Counter(_leaves(xml.parse(rewritten), invoice.currency))
    moved = Counter(value for _, value in (kept - said).elements())
    lost = []
    for path, value in (said - kept).elements():
        if moved[value] > 0:
            moved[value] -= 1
        else:
            lost.append(Loss(path, value[:200]))
    return tuple(lost)


_SAY_NOTHING = re.compile(
    r".*/@schemaLocation"
    r"|UBLVersionID"  # always 2.1
    r"|.*PartyTaxScheme/TaxScheme/ID"  # BT-32 is known by not being VAT, whatever its scheme is called
    r"|.*EmailURIUniversalCommunication/URIID/@schemeID"  # an e-mail address is one by its element
)


def _leaves(root: xml.Element, currency: str) -> Iterator[tuple[str, str]]:
    """Every value and attribute with its path, but those that say nothing: no amount needs to repeat the currency of
    the invoice.
    """
    for element in root.iter():
        above = [parent.tag for parent in element.iterancestors()][-2::-1]
        path = xml.local_path("/".join([*map(str, above), str(element.tag)]))
        blank = "" if path.endswith("BinaryObject") else " "  # base64 may be cut anywhere
        value = blank.join((element.text or "").split())
        if value and len(element) == 0 and not _SAY_NOTHING.fullmatch(path):
            yield path, value
        for name, attribute in element.attrib.items():
            place = f"{path}/@{xml.local_path(str(name))}"
            repeated = name == "currencyID" and attribute == currency
            if attribute.strip() and not repeated and not _SAY_NOTHING.fullmatch(place):
                yield place, str(attribute)
