"""The public front page."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kuznitsa.insight.queries import Scope, band
from kuznitsa.pages import queries


@login_not_required
@require_GET
def front(request: HttpRequest) -> HttpResponse:
    tiles = queries.region_tiles()
    context = {
        "band": band(Scope(), linked=False),
        "offers": queries.nearest_offers(timezone.localdate()),
        "clusters": queries.cluster_cards(),
        "tiles": tiles,
        "regions": [tile for tile in tiles if tile.clusters],
        "map_width": max((tile.x for tile in tiles), default=0) + queries.TILE,
        "map_height": max((tile.y for tile in tiles), default=0) + queries.TILE,
    }
    return render(request, "pages/front.html", context)
