"""What the public front page shows."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from kuznitsa.admissions.models import TargetOffer
from kuznitsa.admissions.queries import open_offers
from kuznitsa.classifiers.models import Region
from kuznitsa.clusters.enums import ClusterStage
from kuznitsa.clusters.models import Cluster
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import ThreadSum

SHOWN_OFFERS = 6
SHOWN_CLUSTERS = 9
CARD_KINDS = (FactKind.NEED_STATED, FactKind.SEATS_OFFERED, FactKind.HIRED)


@dataclass(frozen=True)
class ClusterCard:
    """A cluster with the three numbers that say most."""

    cluster: Cluster
    needed: int
    offered: int
    hired: int


@dataclass(frozen=True)
class RegionTile:
    """A region on the tile map: `x` and `y` in pixels, `heat` 0 (no cluster) to 4 (most)."""

    region: Region
    clusters: int
    x: int
    y: int
    heat: int

    @property
    def look(self) -> str:
        """Its class and its place, as text: a number would be written as the language of the page writes it."""
        return f"k-tile--{self.heat}"

    @property
    def spot(self) -> str:
        return f"{self.x} {self.y}"


TILE = 44


def nearest_offers(today: date) -> list[TargetOffer]:
    """Return some offers to which one can apply today, the nearest deadline first."""
    return list(open_offers(today)[:SHOWN_OFFERS])


def cluster_cards() -> list[ClusterCard]:
    """Return the clusters with the most to show, those under way before ideas."""
    alive = Cluster.objects.exclude(state=ClusterStage.CLOSED).select_related("region")
    # Beside the list, by the index of sums of a kind; joined, the sums of all kinds would be gone through.
    needs = ThreadSum.objects.filter(kind=FactKind.NEED_STATED, thread__cluster=OuterRef("pk")).order_by()
    needed = Subquery(needs.values("thread__cluster").annotate(total=Sum("quantity")).values("total"))
    clusters = list(alive.annotate(weight=Coalesce(needed, 0)).order_by("-weight", "search")[:SHOWN_CLUSTERS])
    sums: dict[int, dict[str, int]] = defaultdict(dict)
    rows = ThreadSum.objects.filter(thread__cluster__in=clusters, kind__in=CARD_KINDS)
    for row in rows.values("thread__cluster", "kind").annotate(total=Sum("quantity")).order_by():
        sums[row["thread__cluster"]][row["kind"]] = row["total"]
    return [
        ClusterCard(
            cluster=cluster,
            needed=sums[cluster.pk].get(FactKind.NEED_STATED, 0),
            offered=sums[cluster.pk].get(FactKind.SEATS_OFFERED, 0),
            hired=sums[cluster.pk].get(FactKind.HIRED, 0),
        )
        for cluster in clusters
    ]


def region_tiles() -> list[RegionTile]:
    """Return every region that has a tile, with its number of clusters under way."""
    alive = Q(clusters__isnull=False) & ~Q(clusters__state=ClusterStage.CLOSED)
    rows = Region.objects.exclude(row=None).annotate(number=Count("clusters", filter=alive, distinct=True))
    regions = list(rows.order_by("row", "column"))
    most = max((region.number for region in regions), default=0)
    return [
        RegionTile(
            region=region,
            clusters=region.number,
            x=(region.column or 0) * TILE,
            y=(region.row or 0) * TILE,
            heat=0 if not region.number else 1 + round(3 * region.number / most),
        )
        for region in regions
    ]
