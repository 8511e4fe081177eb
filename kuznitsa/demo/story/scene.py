"""What the steps of the story hand on to each other."""

from dataclasses import dataclass, field

from kuznitsa.accounts.models import User
from kuznitsa.admissions.models import Campaign, TargetOffer
from kuznitsa.agreements.models import Agreement
from kuznitsa.clusters.models import Cluster
from kuznitsa.demand.models import Need
from kuznitsa.demo.cast import Cast
from kuznitsa.demo.timeline import Timeline
from kuznitsa.organisations.models import Organisation
from kuznitsa.programmes.models import Facility, Intake


@dataclass
class Scene:
    """The thread of Novokuznetsk as far as it has come; the first of needs, intakes and offers is electrolysis."""

    timeline: Timeline
    cast: Cast
    cluster: Cluster
    needs: list[Need] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    intakes: list[Intake] = field(default_factory=list)
    laboratories: list[Facility] = field(default_factory=list)
    offers: list[TargetOffer] = field(default_factory=list)
    campaigns: list[Campaign] = field(default_factory=list)

    @property
    def plant(self) -> Organisation:
        return self.cast.organisations["rusal"]

    @property
    def college(self) -> Organisation:
        return self.cast.organisations["bardin"]

    def user(self, address: str) -> User:
        return self.cast.users[address]
