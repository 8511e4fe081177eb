"""Needs, agreements, programmes, campaigns and offers, with the threads that tie them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kuznitsa.admissions.enums import CampaignState, OfferState, Period, SupportKind
from kuznitsa.admissions.models import Campaign, SupportMeasure, TargetOffer
from kuznitsa.agreements.enums import AgreementState, ObligationKind, SignatureMethod
from kuznitsa.agreements.models import Agreement, Obligation, Party
from kuznitsa.demand.enums import Confidence, NeedState
from kuznitsa.demand.models import Need
from kuznitsa.demo.world.loading import Ledger, insert, source_type
from kuznitsa.demo.world.partners import Partners
from kuznitsa.demo.world.plan import EMPLOYERS, SEATS, Cohort, Plan, noon
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Thread
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Organisation
from kuznitsa.programmes.enums import FacilityState, IntakeState
from kuznitsa.programmes.models import Facility, Intake, Programme

STIPEND_KOPECKS = 5_000_00


@dataclass(frozen=True)
class Branch:
    """One plant's offer to one cohort, and what it hangs on."""

    partners: Partners
    employer: Organisation
    cohort: Cohort
    intake: Intake
    campaign: Campaign
    offer: TargetOffer
    measure: SupportMeasure
    thread: Thread


def build_promises(found: list[Partners], rows: list[Cohort], plan: Plan, ledger: Ledger) -> list[Branch]:
    """Write what plants and colleges promise; return a branch for each plant and cohort, cluster by cluster."""
    keys = [(partners, number, cohort) for partners in found for number in range(EMPLOYERS) for cohort in rows]
    seats = max(1, round(plan.applicants * SEATS))
    needs = _needs(keys, seats, plan, ledger)
    obligations = _agreements(found, seats, plan)
    promised = {row.owner_id: row for row in obligations if row.kind == ObligationKind.SEATS}
    intakes = _intakes(found, keys, seats)
    campaigns = _campaigns(found, rows, plan)
    threads = insert(
        Thread(
            title=f"{need.occupation.name_ru}, {need.year}",
            parent=need.thread,
            cluster=partners.cluster,
            employer=need.employer,
            college=partners.college,
            occupation=need.occupation,
            year=need.year,
        )
        for (partners, _number, _cohort), need in zip(keys, needs, strict=True)
    )
    offers = insert(
        TargetOffer(
            number=f"Ц-{cohort.starts_on.year}",
            employer=need.employer,
            intake=intake,
            campaign=campaigns[partners.cluster.pk, cohort.offset],
            need=need,
            agreement=promised[need.employer_id].agreement,
            seats=seats,
            position=need.occupation.name_ru[:200],
            site=need.site,
            wage_from_kopecks=60_000_00,
            wage_to_kopecks=90_000_00,
            minimum_mark_hundredths=300,
            duties="Учиться, пройти практику, отработать на заводе три года.",
            exit_terms="Можно уйти, вернув меры поддержки.",
            state=OfferState.PUBLISHED if cohort.is_applying else OfferState.CLOSED,
            published_at=noon(_opening(cohort, plan.today)),
            thread=thread,
        )
        for (partners, _number, cohort), need, intake, thread in zip(keys, needs, intakes, threads, strict=True)
    )
    measures = insert(
        SupportMeasure(offer=offer, kind=SupportKind.STIPEND, amount_kopecks=STIPEND_KOPECKS, period=Period.MONTHLY)
        for offer in offers
    )
    for offer, (_partners, _number, cohort) in zip(offers, keys, strict=True):
        on, promise = _opening(cohort, plan.today), promised[offer.employer_id]
        ledger.add(FactKind.SEATS_PROMISED, on, seats, offer.thread, (source_type(Obligation), promise.pk))
        ledger.add(FactKind.SEATS_OFFERED, on, seats, offer.thread, (source_type(TargetOffer), offer.pk))
    return [
        Branch(partners, offer.employer, cohort, offer.intake, offer.campaign, offer, measure, offer.thread)
        for (partners, _number, cohort), offer, measure in zip(keys, offers, measures, strict=True)
    ]


def _opening(cohort: Cohort, today: date) -> date:
    return today - timedelta(days=20) if cohort.is_applying else date(cohort.starts_on.year, 3, 1)


def _needs(keys: list[tuple[Partners, int, Cohort]], seats: int, plan: Plan, ledger: Ledger) -> list[Need]:
    threads = insert(
        Thread(
            title=f"{partners.occupations[number].name_ru}, {cohort.year}",
            cluster=partners.cluster,
            employer=partners.employers[number],
            occupation=partners.occupations[number],
            year=cohort.year,
        )
        for partners, number, cohort in keys
    )
    stated = [min(plan.today, date(cohort.starts_on.year - 1, 11, 1)) for _partners, _number, cohort in keys]
    needs = insert(
        Need(
            employer=thread.employer,
            cluster=partners.cluster,
            site=partners.sites[thread.employer_id],
            occupation=thread.occupation,
            year=cohort.year,
            replacement=seats // 2 or 1,
            growth=seats - seats // 2,
            confidence=Confidence.FIRM,
            wage_from_kopecks=60_000_00,
            wage_to_kopecks=90_000_00,
            state=NeedState.MET if cohort.has_graduated else NeedState.STATED,
            stated_by=partners.user(thread.employer, Role.EMPLOYER_HR),
            stated_at=noon(on),
            ended_at=noon(cohort.ends_on + timedelta(days=60)) if cohort.has_graduated else None,
            thread=thread,
        )
        for (partners, _number, cohort), thread, on in zip(keys, threads, stated, strict=True)
    )
    for need, on in zip(needs, stated, strict=True):
        ledger.add(FactKind.NEED_STATED, on, need.number, need.thread, (source_type(Need), need.pk))
    return needs


def _agreements(found: list[Partners], seats: int, plan: Plan) -> list[Obligation]:
    """Write an agreement of every plant with its college, in force; return what they promise."""
    pairs = [(partners, employer) for partners in found for employer in partners.employers]
    signed = plan.today - timedelta(days=365 * 5)
    agreements = insert(
        Agreement(
            number=f"{employer.slug[-4:]}/{signed.year}",
            title="Соглашение об образовательном партнёрстве",
            cluster=partners.cluster,
            subject="Подготовка кадров для завода.",
            starts_on=signed,
            ends_on=plan.today + timedelta(days=365),
            state=AgreementState.IN_FORCE,
            created_by=partners.user(partners.college, Role.COORDINATOR),
            in_force_on=signed,
        )
        for partners, employer in pairs
    )
    both = list(zip(pairs, agreements, strict=True))
    insert(
        Party(
            agreement=agreement,
            organisation=org,
            order=order,
            signatory=partners.signatories[org.pk],
            signed_at=noon(signed),
            signed_by=partners.user(org, Role.DIRECTOR),
            method=SignatureMethod.IN_PRODUCT,
        )
        for (partners, employer), agreement in both
        for order, org in enumerate((employer, partners.college))
    )
    return insert(
        obligation
        for (partners, employer), agreement in both
        for obligation in _obligations(partners, employer, agreement, seats)
    )


def _obligations(partners: Partners, employer: Organisation, agreement: Agreement, seats: int) -> Iterator[Obligation]:
    quantities = {
        ObligationKind.SEATS: seats * 6,
        ObligationKind.LABORATORIES: 1,
        ObligationKind.SUPPORT: seats * 1_000_000,
        ObligationKind.PRACTICE: seats * 5,
        ObligationKind.EMPLOYMENT: seats * 4,
        ObligationKind.VISITS: 10,
    }
    for order, (kind, quantity) in enumerate(quantities.items()):
        yield Obligation(
            agreement=agreement,
            owner=employer,
            beneficiary=partners.college,
            kind=kind,
            quantity=quantity,
            due_on=agreement.ends_on,
            order=order,
        )


def _intakes(found: list[Partners], keys: list[tuple[Partners, int, Cohort]], seats: int) -> list[Intake]:
    programmes = insert(
        Programme(
            college=partners.college,
            cluster=partners.cluster,
            occupation=occupation,
            months=22,
            qualification=occupation.name_ru[:200],
        )
        for partners in found
        for occupation in partners.occupations
    )
    of = {(programme.college_id, programme.occupation_id): programme for programme in programmes}
    _facilities(found)
    return insert(
        Intake(
            programme=of[partners.college.pk, partners.occupations[number].pk],
            starts_on=cohort.starts_on,
            ends_on=cohort.ends_on,
            places=seats,
            group_name=f"{number + 1}-{cohort.starts_on:%y}",
            state=_intake_state(cohort),
        )
        for partners, number, cohort in keys
    )


def _intake_state(cohort: Cohort) -> IntakeState:
    if cohort.is_applying:
        return IntakeState.PLANNED
    return IntakeState.GRADUATED if cohort.has_graduated else IntakeState.STUDYING


def _facilities(found: list[Partners]) -> None:
    insert(
        Facility(
            organisation=partners.college,
            name=f"Лаборатория {number}",
            sponsor=employer,
            cluster=partners.cluster,
            places=15,
            cost_kopecks=12_000_000_00,
            accepted_on=partners.cluster.started_on + timedelta(days=200),
            state=FacilityState.ACCEPTED,
        )
        for partners in found
        for number, employer in enumerate(partners.employers, 1)
    )


def _campaigns(found: list[Partners], rows: list[Cohort], plan: Plan) -> dict[tuple[int, int], Campaign]:
    campaigns = insert(_campaign(partners, cohort, plan.today) for partners in found for cohort in rows)
    keys = [(partners.cluster.pk, cohort.offset) for partners in found for cohort in rows]
    return dict(zip(keys, campaigns, strict=True))


def _campaign(partners: Partners, cohort: Cohort, today: date) -> Campaign:
    opens = _opening(cohort, today)
    closes = today + timedelta(days=25) if cohort.is_applying else date(cohort.starts_on.year, 6, 30)
    return Campaign(
        name=f"Набор {cohort.starts_on.year}",
        college=partners.college,
        cluster=partners.cluster,
        opens_on=opens,
        closes_on=closes,
        publishes_on=closes + timedelta(days=5),
        draw_source="тираж лотереи следующего дня",
        draw_seed="" if cohort.is_applying else f"{cohort.starts_on.year}-{partners.cluster.slug}",
        state=CampaignState.OPEN if cohort.is_applying else CampaignState.COMPLETED,
    )
