"""Webhooks: addresses that are told what happens, in the order of the journal, each event at least once.

A *webhook* is an address, a secret and families of events. Its *cursor* is the last event of the journal that it was
told, or that does not concern it: nothing is lost while it does not answer, and a replay is a cursor moved back. A
*delivery* is one signed call. Who delivers holds a claim, so that events arrive one after the other.
"""

from raccord.engine.webhooks.delivering import Delivering
from raccord.engine.webhooks.guarding import FAMILIES, AddressGuard
from raccord.engine.webhooks.room import NewWebhook, WebhookChange, Webhooks, WebhookWithSecret
from raccord.engine.webhooks.sending import Answer, Sender, signature

__all__ = [
    "FAMILIES",
    "AddressGuard",
    "Answer",
    "Delivering",
    "NewWebhook",
    "Sender",
    "WebhookChange",
    "WebhookWithSecret",
    "Webhooks",
    "signature",
]
