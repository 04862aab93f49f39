"""The way of a file through the checks, step by step; each step stops the ones that would only repeat its
complaint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from raccord.checks import container, gate
from raccord.checks.context import Channel, Context, Limits
from raccord.checks.facts import Facts, check_facts
from raccord.checks.registry import RULE_SET, RULE_VERSION, run
from raccord.checks.report import CheckReport
from raccord.checks.schemas import check_schema
from raccord.domain.faults import Fault, Severity, has_errors
from raccord.domain.invoice import Invoice
from raccord.formats import cii, pdf, ubl, xml
from raccord.formats.detect import Container, Detected, Syntax, detect, detect_root
from raccord.formats.problems import ReadError, not_an_invoice
from raccord.formats.profiles import Profile


class Official(Protocol):
    """The official rule sheets, run elsewhere (see :mod:`raccord.checks.schematron`)."""

    def check(self, root: xml.Element, syntax: Syntax, profile: Profile, channel: Channel) -> OfficialAnswer:
        """The faults of the sheets that apply, and which sheets they were."""
        ...


@dataclass(frozen=True, slots=True)
class OfficialAnswer:
    """What the official sheets said."""

    faults: tuple[Fault, ...]
    rule_sets: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Progress:
    """What is known so far of one file."""

    detected: Detected
    faults: list[Fault] = field(default_factory=list)
    rule_sets: list[tuple[str, str]] = field(default_factory=list)
    root: xml.Element | None = None
    invoice: Invoice | None = None

    @property
    def stopped(self) -> bool:
        return has_errors(self.faults)

    def report(self) -> CheckReport:
        return CheckReport(
            faults=tuple(self.faults),
            invoice=self.invoice,
            syntax=self.detected.syntax,
            syntaxe_flux=self.detected.syntaxe_flux,
            container=self.detected.container,
            profile=self.detected.profile,
            rule_sets=tuple(self.rule_sets),
        )


def check(
    data: bytes,
    filename: str = "",
    *,
    today: date,
    channel: Channel = Channel.HISTORIC,
    facts: Facts | None = None,
    limits: Limits | None = None,
    official: Official | None = None,
    severities: Mapping[str, Severity] | None = None,
) -> CheckReport:
    """Everything that can be said of ``data`` before sending it. Never raises on account of the file.

    ``today``: the day in Paris. ``official``: the rule sheets, when they are at hand. ``severities``: weights
    that the operator changed, by code. The order: gate, container, schema, reading, native rules, official
    sheets, facts. A file that fails one of the first four goes no further; the later ones all speak.
    """
    bounds = limits or Limits()
    progress = _open(data, filename, bounds)
    if progress.root is None or progress.stopped:
        return progress.report()
    _schema(progress)
    _read(progress)
    if progress.invoice is None:
        return progress.report()
    context = Context(
        today=today,
        channel=channel,
        syntax=progress.detected.syntax,
        profile=progress.detected.profile,
        limits=bounds,
        severities=severities or {},
    )
    progress.faults += run(progress.invoice, context)
    progress.rule_sets.append((RULE_SET, RULE_VERSION))
    if official is not None and not _broke_schema(progress):
        _official(progress, official, context)
    if facts is not None:
        progress.faults += check_facts(progress.invoice, context, facts)
    return progress.report()


def _open(data: bytes, filename: str, limits: Limits) -> _Progress:
    """Gate and container: to a parsed XML root, or to the reason why there is none."""
    faults = list(gate.check_file(data, filename, limits))
    if has_errors(faults):
        unknown = Detected(Syntax.UNKNOWN, "", Container.UNKNOWN, Profile.OTHER)
        return _Progress(unknown, faults)
    if pdf.looks_like_pdf(data):
        return _open_pdf(data, limits, faults)
    return _open_xml(data, filename, limits, faults)


def _open_xml(data: bytes, filename: str, limits: Limits, faults: list[Fault]) -> _Progress:
    head = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head.startswith(b"<") and not filename.lower().endswith(".xml"):
        detected = detect(data, filename)
        error = not_an_invoice(f"type détecté : {detected.syntax.value}")
        return _Progress(detected, [*faults, gate.from_read_error(error)])
    try:
        root = xml.parse(data)
    except ReadError as error:
        detected = Detected(Syntax.XML, "", Container.XML, Profile.OTHER)
        return _Progress(detected, [*faults, gate.from_read_error(error)])
    faults += gate.check_xml(data, root, limits)
    return _Progress(detect_root(root), faults, root=root)


def _open_pdf(data: bytes, limits: Limits, faults: list[Fault]) -> _Progress:
    progress = _Progress(Detected(Syntax.PDF, "", Container.PDF, Profile.OTHER), faults)
    try:
        with pdf.opened(data) as document:
            progress.faults += container.check_plain(document)
            found = pdf.invoice_file(document)
            if found is None:
                return progress
            content = found.read(limits.flux_bytes)
            progress.detected = Detected(Syntax.FACTURX, "IN_DP_E2_CII_FACTURX", Container.PDF, Profile.OTHER)
            root = xml.parse(content)
            progress.faults += gate.check_xml(content, root, limits)
            progress.detected = replace(progress.detected, profile=detect_root(root).profile)
            progress.faults += container.check_facturx(document, progress.detected.profile)
            progress.root = root
    except ReadError as error:
        progress.faults.append(gate.from_read_error(error))
    return progress


def _inner_syntax(progress: _Progress) -> Syntax:
    """The syntax of the XML itself: a Factur-X holds CII."""
    return Syntax.CII if progress.detected.syntax is Syntax.FACTURX else progress.detected.syntax


def _schema(progress: _Progress) -> None:
    syntax = _inner_syntax(progress)
    if progress.root is not None and (syntax is Syntax.CII or syntax.is_ubl):
        faults, applied = check_schema(progress.root, syntax, progress.detected.profile)
        progress.faults += faults
        progress.rule_sets += applied


def _broke_schema(progress: _Progress) -> bool:
    return any(fault.code == "CP-XSD-01" for fault in progress.faults)


def _read(progress: _Progress) -> None:
    if progress.root is None:
        return
    try:
        if _inner_syntax(progress).is_ubl:
            progress.invoice = ubl.read_root(progress.root)
        else:
            progress.invoice = cii.read_root(progress.root)
    except ReadError as error:
        progress.faults.append(gate.from_read_error(error))


def _official(progress: _Progress, official: Official, context: Context) -> None:
    """Official faults, without those that a native rule of the same code already told in French."""
    if progress.root is None:
        return
    answer = official.check(progress.root, _inner_syntax(progress), progress.detected.profile, context.channel)
    told = {fault.code for fault in progress.faults}
    for fault in answer.faults:
        if fault.code not in told:
            severity = context.severities.get(fault.code, fault.severity)
            progress.faults.append(replace(fault, severity=severity))
    progress.rule_sets += answer.rule_sets
