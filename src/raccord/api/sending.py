"""/api/v1/connections/{id}/pause, /resume: hold what leaves by a connection back, let it go on."""

from litestar import Router, post

from raccord.api.auth import deposits as may_deposit
from raccord.api.given import ApiRequest, PathText, TheGateway
from raccord.api.views import ConnectionView


@post("/connections/{connection_id:str}/pause", sync_to_thread=True, guards=[may_deposit], status_code=200)
def pause(request: ApiRequest, gateway: TheGateway, connection_id: PathText) -> ConnectionView:
    """Hold the deposits of this connection back; they are still accepted, and wait."""
    connection = gateway.connections.find(connection_id)
    gateway.outbox.pause(connection.id, request.user.actor)
    return ConnectionView.of(gateway.connections.get(connection.id))


@post("/connections/{connection_id:str}/resume", sync_to_thread=True, guards=[may_deposit], status_code=200)
def resume(request: ApiRequest, gateway: TheGateway, connection_id: PathText) -> ConnectionView:
    """Let them leave again, at once."""
    connection = gateway.connections.find(connection_id)
    gateway.outbox.resume(connection.id, request.user.actor)
    return ConnectionView.of(gateway.connections.get(connection.id))


router = Router(path="/", tags=["Connexions"], route_handlers=[pause, resume])
