"""The container of a Factur-X: a PDF/A-3 that carries its XML the way the specification says, and nothing
that acts.

Structural checks with pikepdf; full PDF/A conformity belongs to veraPDF, which an operator may run beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pikepdf

from raccord.checks.gate import fault
from raccord.domain.faults import Fault, Severity
from raccord.formats import pdf as pdf_format
from raccord.formats.profiles import Profile

_ACTIVE = {
    "/JavaScript": "un programme JavaScript",
    "/Launch": "une action qui lance un programme",
    "/GoToE": "un lien vers un document embarqué",
    "/ImportData": "une action qui importe des données",
    "/SubmitForm": "un formulaire qui envoie des données",
    "/RichMedia": "un contenu multimédia",
    "/Movie": "une vidéo",
    "/Sound": "un son",
}
_ACTIVE_NAMES = re.compile(rb"/(?:JS|" + b"|".join(name[1:].encode() for name in _ACTIVE) + rb")(?![A-Za-z0-9])")
_MAX_OBJECTS = 500_000


def check_plain(pdf: pikepdf.Pdf) -> Iterator[Fault]:
    """What holds for any PDF: whole, and without active content."""
    if pdf_format.is_repaired(pdf):
        yield fault(
            "CP-PDF-01",
            "Le PDF est endommagé ou incomplet : Chorus Pro le rejetterait.",
            "Réexportez la facture depuis votre logiciel ; le fichier a peut-être été coupé pendant un transfert.",
            english="The PDF is damaged or truncated.",
        )
    for what in sorted(active_content(pdf)):
        yield fault(
            "CP-PDF-03",
            f"Le PDF contient {what} : c’est interdit dans une facture, et dangereux à l’ouverture.",
            "Exportez un PDF simple ; si vous n’avez rien ajouté vous-même, méfiez-vous de ce fichier.",
            english="The PDF holds active content.",
        )


def active_content(pdf: pikepdf.Pdf) -> set[str]:
    """French names of what acts on opening: every object is looked at once, whatever points to it."""
    found: set[str] = set()
    for count, entry in enumerate(pdf.objects):
        if count > _MAX_OBJECTS:
            return found | {"un nombre démesuré d’objets"}
        if isinstance(entry, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array) and _may_act(entry):
            found |= _active_in(entry)
    return found


def _may_act(entry: pikepdf.Object) -> bool:
    """A quick look at the written form: most objects name nothing active and need no walk."""
    written = entry.stream_dict if isinstance(entry, pikepdf.Stream) else entry
    return _ACTIVE_NAMES.search(written.unparse(resolved=True)) is not None


def _active_in(entry: pikepdf.Object) -> set[str]:
    """What ``entry`` and the direct values inside it do; references are objects of their own, seen in their turn."""
    found: set[str] = set()
    pending = [entry]
    while pending:
        current = pending.pop()
        if isinstance(current, pikepdf.Array):
            values = list(current)
        else:
            found |= _active_names(current)
            values = [value for _, value in current.items()]
        pending += [value for value in values if _is_direct_container(value)]
    return found


def _active_names(entry: pikepdf.Object) -> set[str]:
    names = {str(entry.get(key)) for key in ("/S", "/Subtype") if isinstance(entry.get(key), pikepdf.Name)}
    if "/JS" in entry:
        names.add("/JavaScript")
    return {_ACTIVE[name] for name in names if name in _ACTIVE}


def _is_direct_container(value: object) -> bool:
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def check_facturx(pdf: pikepdf.Pdf, profile: Profile) -> Iterator[Fault]:
    """What holds for a Factur-X: PDF/A-3, one well-attached XML, metadata that agree with it."""
    yield from _check_archive(pdf)
    yield from _check_attachment(pdf)
    yield from _check_metadata(pdf, profile)


def _check_archive(pdf: pikepdf.Pdf) -> Iterator[Fault]:
    xmp = pdf_format.read_xmp(pdf)
    if xmp.part != "3" or "/OutputIntents" not in pdf.Root or _fonts_missing(pdf):
        yield fault(
            "CP-PDF-06",
            "Le PDF n’est pas un véritable PDF/A-3 : une facture Factur-X doit en être un.",
            "Exportez en PDF/A-3 (polices incorporées, profil de couleur) ou laissez Raccord dessiner la facture.",
            english="The PDF is no PDF/A-3.",
        )


def _fonts_missing(pdf: pikepdf.Pdf) -> bool:
    """True when a font is used that the file does not hold (Type 3 fonts are drawings and need no file)."""
    for entry in pdf.objects:
        if not isinstance(entry, pikepdf.Dictionary) or entry.get("/Type") != "/Font":
            continue
        kind = str(entry.get("/Subtype", ""))
        if kind in ("/Type3", "/Type0"):
            continue
        descriptor = entry.get("/FontDescriptor")
        if not isinstance(descriptor, pikepdf.Dictionary) or not any(
            key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")
        ):
            return True
    return False


def _check_attachment(pdf: pikepdf.Pdf) -> Iterator[Fault]:
    found = pdf_format.invoice_file(pdf)
    if found is None:
        return
    if found.name != "factur-x.xml":
        yield fault(
            "CP-PDF-07",
            f"Le fichier XML s’appelle « {found.name} » : le nom attendu est factur-x.xml, en minuscules.",
            "Réexportez la facture au format Factur-X.",
            english="The embedded XML is not named factur-x.xml.",
            severity=Severity.WARNING,
        )
    if not found.in_af:
        yield fault(
            "CP-PDF-08",
            "Le fichier XML n’est pas déclaré comme fichier associé (/AF) : Chorus Pro pourrait ne pas le voir.",
            "Réexportez la facture au format Factur-X avec un outil à jour.",
            english="The embedded XML is missing from /AF.",
        )
    if found.relationship not in ("Data", "Alternative"):
        yield fault(
            "CP-PDF-09",
            f"La relation du fichier XML est « {found.relationship or 'absente'} » : Factur-X attend Data.",
            "Réexportez la facture avec la relation Data.",
            english="AFRelationship should be Data.",
            severity=Severity.WARNING,
        )


def _check_metadata(pdf: pikepdf.Pdf, profile: Profile) -> Iterator[Fault]:
    xmp = pdf_format.read_xmp(pdf)
    if not xmp.level:
        yield fault(
            "CP-PDF-10",
            "Les métadonnées du PDF ne disent pas qu’il s’agit d’une facture Factur-X.",
            "Réexportez la facture au format Factur-X avec un outil à jour.",
            english="The XMP metadata lack the Factur-X block.",
        )
    elif profile.is_facturx and _normal(xmp.level) != _normal(profile.xmp):
        yield fault(
            "CP-PDF-11",
            f"Les métadonnées annoncent le profil {xmp.level} mais le XML suit {profile.xmp}.",
            "Réexportez la facture : les deux doivent s’accorder.",
            english="The XMP profile differs from the XML's.",
        )


def _normal(level: str) -> str:
    return level.upper().replace(" ", "").replace("-", "").replace("_", "")
