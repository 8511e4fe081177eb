"""Runs as screens show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kuznitsa.admissions.enums import ApplicationState, PublicationStage, RunKind, RunStage, RunState
from kuznitsa.admissions.models import AllocationRun, Application, Campaign, RunFiles, TargetOffer
from kuznitsa.admissions.queries.calculated import PAGE, Entry, PlaceRow, entries_on, entry_of, places_of
from kuznitsa.admissions.queries.empty_seats import why_empty
from kuznitsa.admissions.queries.seats import number_in, place_id
from kuznitsa.base.jobs import progress
from kuznitsa.base.models import AuditEntry
from kuznitsa.people.models import Person


@dataclass(frozen=True)
class OfferLine:
    """An offer in a run: its name in the public record, its numbers, and why seats stayed empty."""

    offer: TargetOffer
    name: str
    row: PlaceRow
    why_empty: list[str]


@dataclass(frozen=True)
class ApplicantLine:
    """An application in a run, with the person for those who may see them."""

    name: str
    person: Person | None
    offer: TargetOffer | None
    pool: str
    rank: int | None
    application: int


def runs_of(campaign: Campaign, user: Any) -> Any:
    """Return the runs of a campaign that the user may see, the newest first."""
    runs = AllocationRun.objects.visible_to(user).filter(campaign=campaign, kind=RunKind.FIRST)
    return runs.select_related("created_by", "approved_by", "published_by").order_by("-number")


def unchecked(campaign: Campaign) -> int:
    """Return how many sent applications the office has not checked; they do not compete."""
    return campaign.applications.filter(state=ApplicationState.SUBMITTED).count()


def cut_offs(run: AllocationRun) -> list[OfferLine]:
    """Return the offers of a run with their numbers; [] while it is being calculated."""
    rows = places_of(run)
    offers = TargetOffer.objects.filter(pk__in=rows).select_related("employer").order_by("pk")
    return [OfferLine(offer, place_id(offer.pk), rows[offer.pk], why_empty(rows[offer.pk], offer)) for offer in offers]


@dataclass(frozen=True)
class StageLine:
    """A stage of a worker's work; `state` is "done", "now" or "later"."""

    label: str
    state: str


def stages_of(run: AllocationRun) -> list[StageLine]:
    """Return how far the worker is that calculates or publishes the run."""
    stages, verb = (PublicationStage, "publish") if run.is_being_published else (RunStage, "calculate")
    row = progress(f"admissions.{verb}:{run.pk}")
    done = -1 if row is None else row.done
    return [
        StageLine(str(stage.label), "done" if number < done else "now" if number == done else "later")
        for number, stage in enumerate(stages)
    ]


def why_not_published(run: AllocationRun) -> str:
    """Return why a worker has not published the run that it was to publish, "" when it was not asked or has."""
    if run.state != RunState.APPROVED or run.is_being_published:
        return ""
    since = AuditEntry.objects.about(run).filter(at__gte=run.approved_at)
    last = since.filter(verb="admissions.run.publication_refused").order_by("-at", "-pk").first()
    return str(last.details.get("reason", "")) if last else ""


class Placed(Sequence[ApplicantLine]):
    """Who is placed where, by pseudonym, persons only for those who may see them; reads no more than is asked for."""

    def __init__(self, run: AllocationRun, user: Any, name: str = "") -> None:
        """With `name` only that pseudonym."""
        self.run, self.user, self.name = run, user, name
        self.found = [entry] if name and (entry := entry_of(run, name)) else []

    def __len__(self) -> int:
        if self.name:
            return len(self.found)
        return RunFiles.objects.filter(run=self.run).values_list("applicants", flat=True).first() or 0

    def __getitem__(self, wanted: Any) -> Any:
        """Return the lines of a slice that lies on one page of the run."""
        return self._lines(self.found if self.name else entries_on(self.run, wanted.start // PAGE))

    def _lines(self, entries: list[Entry]) -> list[ApplicantLine]:
        names = [entry.name for entry in entries]
        rows = Application.objects.filter(campaign=self.run.campaign_id, pseudonym__in=names)
        numbers = dict(rows.values_list("pseudonym", "pk"))
        seen = Application.objects.visible_to(self.user).filter(pk__in=numbers.values()).select_related("person")
        persons = {application.pseudonym: application.person for application in seen}
        places = {number_in(entry.place) for entry in entries if entry.place}
        offers = TargetOffer.objects.filter(pk__in=places).select_related("employer").in_bulk()
        return [
            ApplicantLine(
                name=entry.name,
                person=persons.get(entry.name),
                offer=offers[number_in(entry.place)] if entry.place else None,
                pool=entry.pool,
                rank=next((rank for rank, one in enumerate(entry.choices, 1) if one.place == entry.place), None),
                application=numbers[entry.name],
            )
            for entry in entries
        ]
