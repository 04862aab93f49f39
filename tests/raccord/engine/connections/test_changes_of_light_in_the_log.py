"""Whoever reads the log of the service sees a light turn red, with its cause, and green again; once each."""

from __future__ import annotations

import logging

from chorus_simulator.faults import Fault


def test_each_change_is_one_line_with_its_cause(firm, connected, town, caplog):
    caplog.set_level(logging.INFO, logger="raccord.engine.connections.light")
    town.bench.faults.add(Fault("503", "*/recuperer/tauxtva", count=2))
    for _ in range(4):
        firm.connections.test(connected.id, "raccord")
    told = [(one.levelname, one.getMessage().replace("\u00a0", " ")) for one in caplog.records]
    assert told == [
        (
            "WARNING",
            "Chorus Pro : Attention : Connexion avec Chorus Pro non établie"
            " : Chorus Pro arrêté, en maintenance ou trop lent [NET-03]",
        ),
        ("INFO", "Chorus Pro : Connexion avec Chorus Pro établie"),
    ]
    assert town.firm.password not in caplog.text
