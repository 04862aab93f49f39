"""Before the end of a password: a reminder at each threshold, by letter; a date for the calendar."""

from __future__ import annotations

import re
import ssl
from datetime import timedelta
from email.header import decode_header, make_header

import pytest
import trustme
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import AuthResult

from chorus_simulator.faults import Fault
from raccord.domain.clock import PARIS
from raccord.domain.errors import NotFound, Unavailable
from raccord.domain.requests import NewConnection
from raccord.domain.roles import Role
from raccord.domain.secrets import Secret
from raccord.domain.users import User
from raccord.engine.foundation.port import Jobs
from raccord.engine.foundation.workers import Liveness
from raccord.engine.letters.expiry import THRESHOLDS, Expiry
from raccord.engine.letters.mail import Mailer, MailServer
from raccord.engine.letters.notices import Notices
from raccord.store import journal, users

FRENCH = re.compile(r"[éèêàçùôîûÀÉ«»]|\b(le|la|les|un|une|des|du|est|expire|connexion|échéance|mot de passe)\b", re.I)
QUOTED = re.compile(r"“[^”]*”|gestionnaire principal")
REMINDED = "connection.expiry_reminded"


class Mailbox(Message):
    """Keeps the letters received."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list = []
        self.broken = False

    def handle_message(self, message) -> None:
        if self.broken:
            raise RuntimeError("the mail server sleeps")
        self.letters.append(message)

    def text(self, index: int) -> str:
        part = next(one for one in self.letters[index].walk() if one.get_content_type() == "text/plain")
        return part.get_payload(decode=True).decode()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def mailbox(authority: trustme.CA, tmp_path, serve_mail) -> tuple[Mailbox, MailServer]:
    """A mail server that demands TLS and a password."""
    context, trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), str(tmp_path / "ca.pem")
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(trusted)
    box = Mailbox()
    port = serve_mail(
        box,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=lambda _s, _e, _e2, _m, data: AuthResult(success=data.password == b"facteur"),
    )
    return box, MailServer("127.0.0.1", port, "starttls", "raccord", Secret("facteur"), "r@exemple.fr", trusted)


@pytest.fixture
def house(firm, hours, mailbox):
    """Letters, jobs run by hand, the watch of ends."""
    jobs = Jobs(firm.store, hours, None, Liveness(firm.store, hours))
    numbers = iter(range(10_000))
    notices = Notices(
        firm.store,
        jobs,
        lambda: f"n{next(numbers)}",
        recipients=lambda _conn: ["compta@exemple.fr"],
        mailer=Mailer(mailbox[1]),
    )
    notices.install()
    firm.lights.tell(notices.light_changed)
    return Expiry(firm.store, hours, notices), jobs, mailbox[0]


def test_one_reminder_at_each_threshold_over_a_year(house, firm, connected, hours):
    expiry, jobs, box = house
    for _ in range(340):
        hours.advance(days=1)
        for _ in range(3):
            expiry.remind()
        jobs.run_due()
    assert len(box.letters) == len(THRESHOLDS)
    with firm.store.read() as conn:
        told = [event.data["days_left"] for event in journal.read(conn, limit=10_000) if event.kind == REMINDED]
    assert told == sorted(THRESHOLDS, reverse=True)
    assert "Raccordements" in box.text(0)
    assert box.letters[0]["Subject"]
    assert any(part.get_content_type() == "text/calendar" for part in box.letters[0].walk())


def test_a_machine_that_slept_sends_one_reminder_not_five(house, connected, hours):
    expiry, jobs, box = house
    hours.advance(days=330)
    assert expiry.remind() == 1
    assert expiry.remind() == 0
    jobs.run_due()
    assert len(box.letters) == 1


def test_a_new_date_begins_again(house, firm, created, hours):
    expiry, _, _ = house
    firm.connections.set_expiry(created.id, hours() + timedelta(days=5), "user/alice")
    assert (expiry.remind(), expiry.remind()) == (1, 0)
    firm.connections.set_expiry(created.id, hours() + timedelta(days=50), "user/alice")
    assert (expiry.remind(), expiry.remind()) == (1, 0)


def test_a_letter_waits_for_a_mail_server_that_sleeps(house, connected, hours):
    expiry, jobs, box = house
    hours.advance(days=300)
    expiry.remind()
    box.broken = True
    jobs.run_due()
    assert box.letters == []
    box.broken = False
    hours.advance(minutes=6)
    jobs.run_due()
    assert len(box.letters) == 1


def test_red_and_back_to_green_are_told_once_each_with_the_cure(house, firm, connected, town, hours):
    _, jobs, box = house
    town.bench.faults.add(Fault("503", "*/recuperer/tauxtva", count=2))
    for _ in range(4):
        firm.connections.test(connected.id, "raccord")
    jobs.run_due()
    assert len(box.letters) == 2
    assert "Chorus Pro ne répond pas" in box.text(0)
    assert "Connexion avec Chorus Pro établie" in box.text(1)


def test_an_untrusted_mail_server_is_refused(mailbox):
    _, server = mailbox
    careless = MailServer(server.host, server.port, "starttls", "raccord", Secret("facteur"), "r@exemple.fr")
    with pytest.raises(Unavailable, match="COURRIEL_NON_ENVOYE"):
        Mailer(careless).send(["a@exemple.fr"], "objet", "texte")


def test_a_subject_cannot_bring_a_header_with_it(mailbox):
    box, server = mailbox
    Mailer(server).send(["a@exemple.fr"], "objet\r\nBcc: tous@exemple.fr", "texte")
    assert box.letters[0]["Bcc"] is None


def test_the_date_enters_a_calendar(house, connected, firm):
    expiry, _, _ = house
    text = expiry.ics(connected.id).decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert "DTSTART;VALUE=DATE:20271022" in text or "DTSTART;VALUE=DATE:20271021" in text
    assert text.count("BEGIN:VALARM") == 2
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_an_unknown_date_has_no_calendar(house, created):
    expiry, _, _ = house
    with pytest.raises(NotFound, match="ECHEANCE_INCONNUE"):
        expiry.ics(created.id)


def test_the_digest_names_what_will_break_and_counts_the_rest(house, connected, firm, hours):
    expiry, _, _ = house
    assert expiry.digest() == "1 connexion sans rien à signaler."
    hours.advance(days=310)
    assert expiry.digest().startswith("Chorus Pro : Connexion avec Chorus Pro établie ; échéance le ")
    assert "sans rien à signaler" not in expiry.digest()


def test_the_letter_of_the_day_leaves_once_a_day_and_only_with_something_to_say(house, connected, hours):
    expiry, jobs, box = house
    assert not expiry.send_digest(), "nothing to say"
    hours.advance(days=310)
    sent = 0
    for _ in range(72):
        hours.advance(hours=1)
        sent += expiry.send_digest()
        jobs.run_due()
    assert sent == 4, "three times 24 hours from noon touch four days"
    assert (
        sum(str(make_header(decode_header(one["Subject"]))).endswith("1 connexion à regarder") for one in box.letters)
        == 4
    )


def test_a_letter_that_left_late_does_not_make_the_next_one_late(house, connected, hours):
    """A light that turns in the evening is told in the evening, then at seven in the morning, in summer and winter."""
    expiry, jobs, _ = house
    hours.advance(days=310)
    left_at: list[tuple[int, int]] = []
    while hours().astimezone(PARIS).hour != 22:
        hours.advance(minutes=10)
    for _ in range(6 * 24 * 7):
        if expiry.send_digest():
            left_at.append((hours().astimezone(PARIS).hour, hours().astimezone(PARIS).minute))
        hours.advance(minutes=10)
    jobs.run_due()
    assert left_at == [(22, 0), *[(7, 0)] * 7]


def test_one_calendar_for_all_and_unknown_dates_have_no_line(house, firm, connected, created):
    expiry, _, _ = house
    firm.connections.create(NewConnection("Neuve", created.environment, addresses=created.addresses), "user/alice")
    text = expiry.all_ics().decode()
    assert text.count("BEGIN:VEVENT") == 1
    assert text.endswith("END:VCALENDAR\r\n")


def test_a_person_who_reads_english_receives_english_letters_and_calendar(house, firm, connected, town, hours):
    """The words stay French for the others; the names of things stay what they are."""
    expiry, jobs, box = house
    with firm.store.begin() as conn:
        reader = User("kate", "compta@exemple.fr", "Kate", Role.SUPERVISEUR, True, "en", False, hours())
        users.insert(conn, reader, "")
    hours.advance(days=300)
    expiry.remind()
    expiry.send_digest()
    town.bench.faults.add(Fault("503", "*/recuperer/tauxtva", count=2))
    for _ in range(4):
        firm.connections.test(connected.id, "raccord")
    jobs.run_due()
    subjects = [str(make_header(decode_header(one["Subject"]))) for one in box.letters]
    letters = subjects + [box.text(number) for number in range(len(box.letters))]
    assert len(box.letters) == 4
    for said in [*letters, expiry.all_ics("en").decode()]:
        assert not FRENCH.search(QUOTED.sub("", said)), said
    assert any("The password of the technical account" in one for one in letters)
    assert any("Click “Soumettre”" in one for one in letters), "the steps too"
    joined = next(part for part in box.letters[0].walk() if part.get_content_type() == "text/calendar")
    assert "SUMMARY:Chorus Pro: the password of" in joined.get_payload(decode=True).decode()
