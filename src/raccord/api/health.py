"""/healthz for supervisors, /metrics for Prometheus."""

import hmac
from collections.abc import Iterator
from typing import Any

from litestar import Response, get
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from raccord.api.auth import anyone
from raccord.api.given import ApiRequest, TheGateway, TheSettings
from raccord.domain.errors import NotAllowed
from raccord.engine.gateway import Gateway
from raccord.settings import Settings

_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


@get("/healthz", sync_to_thread=True, guards=[anyone], tags=["Santé"])
def healthz(request: ApiRequest, gateway: TheGateway, settings: TheSettings) -> dict[str, str]:
    """`{"status": "ok"}` when this process answers and its database too. Whoever may read the metrics is told the light
    beside; a stranger learns nothing of the connections.
    """
    light = gateway.light.worst().value
    return {"status": "ok", "light": light} if _may_see(request, settings) else {"status": "ok"}


@get("/metrics", sync_to_thread=True, guards=[anyone], tags=["Santé"], include_in_schema=False)
def metrics(request: ApiRequest, gateway: TheGateway, settings: TheSettings) -> Response[bytes]:
    """The gauges of Raccord, for whoever is on this machine or has the token of `RACCORD_METRICS_TOKEN`."""
    _admit(request, settings)
    registry = CollectorRegistry()
    registry.register(GatewayCollector(gateway))
    return Response(generate_latest(registry), media_type="text/plain; version=0.0.4; charset=utf-8")


def _admit(request: ApiRequest, settings: Settings) -> None:
    if not _may_see(request, settings):
        raise NotAllowed(
            "METRIQUES_RESERVEES",
            "Les métriques sont réservées à cette machine ou à qui présente leur jeton.",
            "Réglez RACCORD_METRICS_TOKEN et présentez-le dans l’en-tête Authorization.",
        )


def _may_see(request: ApiRequest, settings: Settings) -> bool:
    """The token of the metrics where one is set, else a call from this machine."""
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if settings.metrics_token:
        return hmac.compare_digest(given.encode(), settings.metrics_token.reveal().encode())
    return request.client is not None and request.client.host in _LOCAL


class GatewayCollector(Collector):
    """Reads the counts when they are asked for; nothing is counted twice."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway

    def collect(self) -> Iterator[Metric]:
        """The light and the expiry of each connection, the deposits and the receptions by state."""
        light = GaugeMetricFamily("raccord_connection_light", "1 for the light shown", labels=["connection", "light"])
        cause = GaugeMetricFamily("raccord_connection_cause", "1 for the cause named", labels=["connection", "cause"])
        days = GaugeMetricFamily("raccord_password_days_left", "Days before expiry", labels=["connection"])
        for view in self.gateway.light.overall().connections:
            light.add_metric([view.label, view.light.value], 1)
            if view.cause is not None:
                cause.add_metric([view.label, view.cause.code], 1)
            if view.days_left is not None:
                days.add_metric([view.label], view.days_left)
        yield from (light, cause, days)
        yield _counts("raccord_deposits", "Deposits by state", self.gateway.outbox.count())
        yield _counts("raccord_receptions", "Receptions by state", self.gateway.inbox.count())


def _counts(name: str, words: str, counts: Any) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=["state"])
    for state, count in counts.items():
        family.add_metric([state.value], count)
    return family
