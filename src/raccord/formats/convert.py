"""From one syntax to another, with an honest account of what does not pass.

``convert`` writes the invoice in the other syntax, reads it back and compares: what differs is a loss.
``unread`` tells what a source file said that the model has no term for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from raccord.domain.invoice import Invoice
from raccord.formats import cii, facturx, ubl, xml
from raccord.formats.detect import Syntax, syntax_of
from raccord.formats.problems import not_an_invoice

_WRITERS = {
    Syntax.CII: (cii.write, cii.read),
    Syntax.UBL_INVOICE: (ubl.write, ubl.read),
    Syntax.UBL_CREDIT_NOTE: (ubl.write, ubl.read),
    Syntax.FACTURX: (facturx.write, facturx.read),
}


@dataclass(frozen=True, slots=True)
class Loss:
    """One term that did not pass: its dotted path in ``Invoice``, what stood there, what stands there now."""

    path: str
    before: str
    after: str = ""

    @property
    def sentence(self) -> str:
        """For a person, in French."""
        if not self.after:
            return f"« {self.before} » ({self.path}) n’a pas de place dans ce format et n’a pas été repris."
        return f"« {self.before} » ({self.path}) est devenu « {self.after} »."


def convert(invoice: Invoice, to: Syntax) -> tuple[bytes, tuple[Loss, ...]]:
    """``invoice`` written in ``to`` (CII, UBL or Factur-X), and what was lost on the way."""
    if to not in _WRITERS:
        raise not_an_invoice(f"{to.value} ne s’écrit pas")
    write, read = _WRITERS[to]
    data = write(invoice)
    return data, tuple(differences(invoice, read(data)))


def differences(before: object, after: object, path: str = "") -> Iterator[Loss]:
    """Where two values of the model differ, term by term."""
    if before == after:
        return
    if is_dataclass(before) and type(before) is type(after):
        for field in fields(before):
            name = f"{path}.{field.name}" if path else field.name
            yield from differences(getattr(before, field.name), getattr(after, field.name), name)
    elif isinstance(before, tuple) and isinstance(after, tuple) and len(before) == len(after):
        for position, (left, right) in enumerate(zip(before, after, strict=True)):
            yield from differences(left, right, f"{path}[{position}]")
    else:
        yield Loss(path, _shown(before), _shown(after))


def _shown(value: object) -> str:
    if value is None or value in ("", ()):
        return ""
    return (f"{len(value)} octets" if isinstance(value, bytes) else str(value))[:200]


def unread(data: bytes) -> tuple[Loss, ...]:
    """What an XML file says that reading forgets: values that a rewriting in the same syntax no longer holds."""
    root = xml.parse(data)
    syntax = syntax_of(root)
    if syntax is Syntax.CII:
        rewritten = cii.write(cii.read_root(root))
    elif syntax.is_ubl:
        rewritten = ubl.write(ubl.read_root(root))
    else:
        raise not_an_invoice(f"type détecté : {syntax.value}")
    kept = Counter(value for _, value in _leaves(xml.parse(rewritten)))
    lost = []
    for path, value in _leaves(root):
        if kept[value] > 0:
            kept[value] -= 1
        else:
            lost.append(Loss(path, value[:200]))
    return tuple(lost)


def _leaves(root: xml.Element) -> Iterator[tuple[str, str]]:
    for element in root.iter():
        value = " ".join((element.text or "").split())
        if value and len(element) == 0:
            above = [parent.tag for parent in element.iterancestors()][-2::-1]
            yield xml.local_path("/".join([*map(str, above), str(element.tag)])), value
