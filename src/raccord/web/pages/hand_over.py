"""Paramètres > Remise des factures: the folder that finance software takes from, its profiles, the programs' places."""

from litestar import Router, get
from litestar.response import Template

from raccord.domain.handover import PROFILES, Taking
from raccord.engine.receptions.handover import FOLDER, FOLDER_NEWS
from raccord.settings import Settings
from raccord.web.given import TheGateway, TheSettings
from raccord.web.guards import configures
from raccord.web.render import PageRequest, page


@get("/parametres/remise", sync_to_thread=True, guards=[configures])
def hand_over(request: PageRequest, gateway: TheGateway, settings: TheSettings) -> Template:
    """The profiles, the one in use, and where each program stands."""
    return page(
        request,
        gateway,
        "hand_over.html",
        profiles=PROFILES.values(),
        folder=settings.hotfolder_dir,
        profile=settings.hotfolder_profile,
        layout=settings.hotfolder_layout,
        naming=settings.hotfolder_naming,
        taking=_taking(settings).sentence,
        waiting=gateway.handovers.how_many_wait(FOLDER),
        oldest=next(iter(gateway.handovers.waiting(FOLDER, 1)), None),
        consumers=[one for one in gateway.handovers.all() if one.name != FOLDER_NEWS],
        last=gateway.handovers.last(),
    )


def _taking(settings: Settings) -> Taking:
    profile = PROFILES.get(settings.hotfolder_profile)
    return Taking(settings.hotfolder_taken or (profile.taking if profile else Taking.MOVED))


router = Router(path="/", route_handlers=[hand_over])
