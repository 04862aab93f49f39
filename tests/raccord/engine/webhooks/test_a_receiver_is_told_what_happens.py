"""A webhook: signed, in order, nothing lost while the receiver sleeps, replayed when asked, stopped when useless."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from raccord.domain.errors import Invalid, NotFound
from raccord.engine.gateway import Gateway
from raccord.engine.webhooks import AddressGuard, NewWebhook, WebhookChange, WebhookWithSecret


def happens(gateway: Gateway, *kinds: str) -> None:
    for rank, kind in enumerate(kinds):
        gateway.journal.note(f"deposit/d{rank}", kind, "cli", number=f"F-{rank}")


def work(gateway: Gateway, diary: Any, minutes: float = 1) -> None:
    diary.passes(minutes=minutes)
    with gateway.store.begin() as conn:
        gateway.jobs.schedule(conn, "webhook.look", "*", {})
    gateway.jobs.run_due()
    gateway.jobs.run_due()


def test_events_come_signed_and_in_order(home: Gateway, receiver: Any, told: WebhookWithSecret, diary: Any) -> None:
    happens(home, "deposit.accepted", "user.signed_in", "deposit.sent", "deposit.integrated")
    work(home, diary)
    assert [event["kind"] for event in receiver.events()] == ["deposit.accepted", "deposit.sent", "deposit.integrated"]
    assert receiver.seqs() == sorted(receiver.seqs())
    for headers, body in receiver.calls:
        stamp, _, digest = headers["Raccord-Signature"].partition(",v1=")
        signed = stamp.removeprefix("t=").encode() + b"." + body
        assert digest == hmac.new(told.secret.reveal().encode(), signed, hashlib.sha256).hexdigest()
    assert receiver.events()[0]["data"] == {"number": "F-0"}


def test_only_what_happens_from_now_on_is_told(home: Gateway, receiver: Any, diary: Any) -> None:
    happens(home, "deposit.accepted")
    home.webhooks.create(NewWebhook("ERP", receiver.url, ("deposit.refused", "reception")), "cli")
    happens(home, "deposit.accepted", "deposit.refused", "reception.stored")
    work(home, diary)
    assert [event["kind"] for event in receiver.events()] == ["deposit.refused", "reception.stored"]


def test_nothing_is_lost_nor_disordered_while_the_receiver_fails(
    home: Gateway, receiver: Any, told: WebhookWithSecret, diary: Any
) -> None:
    receiver.answers = [(500, {}), (503, {})]
    happens(home, "deposit.accepted", "deposit.sent")
    work(home, diary)
    assert home.webhooks.get(told.webhook.id).failures == 1
    work(home, diary, minutes=0.01)  # too early: not called again
    assert len(receiver.calls) == 1
    work(home, diary, minutes=5)
    work(home, diary, minutes=5)
    kinds = [event["kind"] for event in receiver.events()]
    assert kinds == ["deposit.accepted"] * 3 + ["deposit.sent"]
    assert len({event["id"] for event in receiver.events()[:3]}) == 1
    assert home.webhooks.get(told.webhook.id).failures == 0
    log = home.webhooks.deliveries(told.webhook.id)
    assert [(one.attempt, one.status) for one in reversed(log)] == [(1, 500), (2, 503), (3, 204), (1, 204)]


def test_a_useless_webhook_is_stopped_with_a_notice_and_goes_on_where_it_was(
    home: Gateway, receiver: Any, told: WebhookWithSecret, diary: Any
) -> None:
    receiver.answers = [(500, {})] * 3
    happens(home, "deposit.accepted")
    for _ in range(4):
        work(home, diary, minutes=60)
    stopped = home.webhooks.get(told.webhook.id)
    assert not stopped.active
    assert "500" in stopped.stopped_because
    assert home.journal.latest(limit=1)[0].kind == "webhook.stopped"
    assert len(receiver.calls) == 3
    home.webhooks.edit(told.webhook.id, WebhookChange(active=True), "user/alice")
    work(home, diary)
    assert [event["kind"] for event in receiver.events()][3:] == ["deposit.accepted"]


def test_a_receiver_that_is_gone_is_believed_at_once(
    home: Gateway, receiver: Any, told: WebhookWithSecret, diary: Any
) -> None:
    receiver.answers = [(410, {})]
    happens(home, "deposit.accepted")
    work(home, diary)
    assert not home.webhooks.get(told.webhook.id).active


def test_a_replay_tells_again_under_the_same_identifiers(
    home: Gateway, receiver: Any, told: WebhookWithSecret, diary: Any
) -> None:
    happens(home, "deposit.accepted", "deposit.sent", "deposit.integrated")
    work(home, diary)
    first = receiver.events()
    home.webhooks.replay(told.webhook.id, first[0]["seq"], "user/alice")
    work(home, diary)
    assert receiver.events()[3:] == first[1:]
    with pytest.raises(Invalid) as refusal:
        home.webhooks.replay(told.webhook.id, 10_000, "user/alice")
    assert refusal.value.code == "WEBHOOK_REPRISE"


def test_the_test_button_says_what_the_receiver_answers(home: Gateway, receiver: Any, told: WebhookWithSecret) -> None:
    assert home.webhooks.test(told.webhook.id, "user/alice").delivered
    receiver.answers = [(302, {"Location": receiver.url + "/ailleurs"})]
    refused = home.webhooks.test(told.webhook.id, "user/alice")
    assert (refused.delivered, refused.status) == (False, 302)
    assert "redirections" in refused.answer
    assert len(receiver.calls) == 2  # the redirection was not followed
    assert home.webhooks.get(told.webhook.id).active


def test_nobody_at_the_other_end_is_told_as_such(home: Gateway, told: WebhookWithSecret) -> None:
    home.webhooks.edit(told.webhook.id, WebhookChange(url="http://127.0.0.1:9/"), "cli")
    answer = home.webhooks.test(told.webhook.id, "cli")
    assert (answer.status, answer.delivered) == (0, False)


def _receives(headers: Any, body: bytes, secret: str) -> bool:
    """What the guide tells a receiver to do."""
    stamp, *given = headers["Raccord-Signature"].split(",v1=")
    signed = stamp.removeprefix("t=").encode() + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() in given


def _heard(home: Gateway, receiver: Any, told: WebhookWithSecret, *secrets: WebhookWithSecret) -> list[bool]:
    """Whether a receiver that knows each of these keys takes the next call."""
    home.webhooks.test(told.webhook.id, "cli")
    headers, body = receiver.calls[-1]
    return [_receives(headers, body, one.secret.reveal()) for one in secrets]


def test_while_a_secret_changes_both_sign_for_the_time_chosen(
    home: Gateway, receiver: Any, told: WebhookWithSecret, diary: Any
) -> None:
    renewed = home.webhooks.renew_secret(told.webhook.id, "cli", timedelta(hours=24))
    diary.passes(hours=23)
    assert _heard(home, receiver, told, told, renewed) == [True, True]
    diary.passes(hours=2)
    assert _heard(home, receiver, told, told, renewed) == [False, True]
    home.webhooks.renew_secret(told.webhook.id, "cli", timedelta(hours=24))
    leaked = home.webhooks.renew_secret(told.webhook.id, "cli")  # at once: nothing from before signs any more
    assert _heard(home, receiver, told, told, renewed, leaked) == [False, False, True]
    with pytest.raises(Invalid):
        home.webhooks.renew_secret(told.webhook.id, "cli", timedelta(days=8))


def test_a_renewed_secret_signs_from_then_on(home: Gateway, receiver: Any, told: WebhookWithSecret) -> None:
    renewed = home.webhooks.renew_secret(told.webhook.id, "cli")
    assert renewed.secret.reveal() != told.secret.reveal()
    home.webhooks.test(told.webhook.id, "cli")
    headers, body = receiver.calls[-1]
    stamp, _, digest = headers["Raccord-Signature"].partition(",v1=")
    signed = stamp.removeprefix("t=").encode() + b"." + body
    assert digest == hmac.new(renewed.secret.reveal().encode(), signed, hashlib.sha256).hexdigest()
    assert renewed.secret.reveal() not in repr(renewed)


def test_two_workers_do_not_tell_the_same_event_twice(
    home: Gateway, make_gateway: Callable[..., Gateway], receiver: Any, told: WebhookWithSecret, diary: Any
) -> None:
    other = make_gateway(environ={"RACCORD_WEBHOOK_PRIVATE": "oui"})
    happens(home, "deposit.accepted", "deposit.sent")
    work(home, diary)
    work(other, diary)
    assert len(receiver.seqs()) == len(set(receiver.seqs())) == 2


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x", "http://localhost:8090/", "http://[::1]/", "http://10.1.2.3/", "http://169.254.169.254/",
        "http://192.168.1.1/", "http://[::ffff:10.0.0.1]/", "http://0.0.0.0/", "http://2130706433/", "http://[fd00::1]/",
    ],
)  # fmt: skip
def test_addresses_behind_our_walls_are_refused(gateway: Gateway, url: str) -> None:
    with pytest.raises(Invalid) as refusal:
        gateway.webhooks.create(NewWebhook("ERP", url, ("deposit",)), "cli")
    assert refusal.value.code == "WEBHOOK_ADRESSE_PRIVEE"


@pytest.mark.parametrize(
    "url",
    ["ftp://exemple.fr/", "https://", "https://moi:secret@exemple.fr/", "http://exemple.fr:99999/", "exemple.fr", ""],
)
def test_what_is_no_address_is_refused(gateway: Gateway, url: str) -> None:
    with pytest.raises(Invalid) as refusal:
        gateway.webhooks.create(NewWebhook("ERP", url, ("deposit",)), "cli")
    assert refusal.value.code == "WEBHOOK_ADRESSE"


def test_a_name_that_leads_inside_after_the_check_is_not_called() -> None:
    answers = iter([["93.184.216.34"], ["93.184.216.34", "127.0.0.1"]])
    guard = AddressGuard(resolve=lambda _host, _port: next(answers))
    assert guard.route("https://exemple.fr/raccord") == "93.184.216.34"
    with pytest.raises(Invalid):
        guard.route("https://exemple.fr/raccord")


@pytest.mark.parametrize("kinds", [(), ("user",), ("user.signed_in", "deposit"), ("",)])
def test_what_happens_to_persons_is_never_told_outside(gateway: Gateway, kinds: tuple[str, ...]) -> None:
    with pytest.raises(Invalid) as refusal:
        gateway.webhooks.create(NewWebhook("ERP", "https://93.184.216.34/", kinds), "cli")
    assert refusal.value.code == "WEBHOOK_EVENEMENTS"


def test_a_deleted_webhook_leaves_no_secret_behind(home: Gateway, told: WebhookWithSecret) -> None:
    home.webhooks.delete(told.webhook.id, "cli")
    assert not home.vault.exists(f"webhook/{told.webhook.id}")
    with pytest.raises(NotFound):
        home.webhooks.get(told.webhook.id)
