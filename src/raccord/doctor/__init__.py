"""The doctor: climbs the chain from our settings to Chorus Pro and names what is broken, in words, with its cure.

`examine` gives a `Verdict`; `CATALOGUE` holds every known cause as data (specifications/diagnosis.md). Where evidence
cannot separate two causes, the verdict gives both with their odds. Nothing is written at Chorus Pro, and a refused
password is not replayed.
"""

from raccord.doctor.catalogue import CATALOGUE, cause
from raccord.doctor.hours import clock_agrees
from raccord.doctor.instruments import both_environments, hour_without_trust, open_client, reach_host
from raccord.doctor.ladder import examine
from raccord.doctor.local import Machine, local_checks
from raccord.doctor.patient import History, Patient, Proofs, Reached, Refusal, Tools
from raccord.doctor.ways import HOUSELESS, House, Proxy, proxy_of, transport_by, trust_of

__all__ = [
    "CATALOGUE",
    "HOUSELESS",
    "History",
    "House",
    "Machine",
    "Patient",
    "Proofs",
    "Proxy",
    "Reached",
    "Refusal",
    "Tools",
    "both_environments",
    "cause",
    "clock_agrees",
    "examine",
    "hour_without_trust",
    "local_checks",
    "open_client",
    "proxy_of",
    "reach_host",
    "transport_by",
    "trust_of",
]
