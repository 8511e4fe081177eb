"""The promise of the product, walked in a browser: from a plant's need to a graduate who stayed.

Every step is taken through a screen by whom it is in life: in Russian on a phone, in English on a desktop.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from kuznitsa.accounts.models import User
from kuznitsa.admissions.models import AllocationRun, Application, Campaign, Seat, TargetContract, TargetOffer
from kuznitsa.agreements.models import Agreement
from kuznitsa.classifiers.models import Occupation
from kuznitsa.clusters.models import Cluster
from kuznitsa.demand.models import Need
from kuznitsa.demo import cast as people_of_office
from kuznitsa.demo.neighbours import found_novokuznetsk
from kuznitsa.demo.timeline import Timeline
from kuznitsa.organisations.models import Organisation
from kuznitsa.outcomes.models import CheckPoint, Exam
from kuznitsa.people.models import Person
from kuznitsa.placements.models import Placement, PracticePlace
from kuznitsa.programmes.models import Intake, Programme
from tests.browser.walker import Walker

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

STUDENT, MOTHER = "student@example.org", "mother@example.org"
# The only seat: one person goes the whole way.
STAGES = ["1"] * 10


@pytest.fixture
def partners(mailoutbox):
    """The organisations, their people and the cluster; nothing has been promised yet."""
    timeline = Timeline(today=timezone.localdate(), stage="need")
    cast = people_of_office.gather(today=timeline.today - timedelta(days=100), at=timeline.at(-30, 8))
    found_novokuznetsk(cast, timeline)
    return cast.organisations


@pytest.mark.parametrize(("size", "language"), [("phone", "ru"), ("desktop", "en")])
def test_from_a_need_to_a_worker_who_stayed(request, size, language, partners):
    User.objects.update(language=language)
    walker = Walker(request.getfixturevalue(size), language)
    today = timezone.localdate()

    _state_a_need(walker, partners["rusal"], today)
    _agree(walker, partners["rusal"], partners["bardin"], today)
    _plan_studies(walker, today)
    _make_an_offer(walker, today)
    _apply(walker, partners["gymnasium-10"], today)
    _allocate(walker)
    _contract(walker)
    _practise(walker, partners["rusal"], today)
    _graduate(walker, today)
    _hire(walker, today)

    walker.go("insight:thread", query=f"?need={Need.objects.get().pk}")
    numbers = walker.page.locator(".k-band__value").all_inner_texts()
    assert [number.strip() for number in numbers] == STAGES


def _state_a_need(walker: Walker, plant: Organisation, today) -> None:
    walker.sign_in("hr")
    walker.go("demand:create", plant.slug)
    occupation, cluster = Occupation.objects.get(code="22.01.05"), Cluster.objects.get()
    walker.fill(occupation=occupation.pk, year=today.year + 2, replacement=1, confidence="firm", cluster=cluster.pk)
    walker.save()
    walker.press("demand:state", Need.objects.get().pk)


def _agree(walker: Walker, plant: Organisation, college: Organisation, today) -> None:
    walker.sign_in("coordinator")
    walker.go("agreements:create")
    walker.fill(
        title="Agreement",
        number="1",
        kind="cluster",
        cluster=Cluster.objects.get().pk,
        starts_on=today,
        subject="One seat, one worker.",
        parties__0__organisation=plant.pk,
        parties__1__organisation=college.pk,
        obligations__0__owner=plant.pk,
        obligations__0__beneficiary=college.pk,
        obligations__0__kind="seats",
        obligations__0__quantity=1,
        obligations__0__due_on=today + timedelta(days=300),
        obligations__0__thread=Need.objects.get().thread_id,
    )
    walker.save()
    agreement = Agreement.objects.get()
    walker.press("agreements:send", agreement.pk)
    for address, organisation in (("plant.director", plant), ("director", college)):
        walker.sign_in(address)
        walker.go("agreements:detail", agreement.pk)
        walker.press("agreements:sign", agreement.parties.get(organisation=organisation).pk)


def _plan_studies(walker: Walker, today) -> None:
    need, cluster = Need.objects.get(), Cluster.objects.get()
    walker.sign_in("admissions")
    walker.go("programmes:create")
    walker.fill(occupation=need.occupation_id, months=22, cluster=cluster.pk)
    walker.save()
    walker.go("programmes:intake-create", Programme.objects.get().pk)
    walker.fill(starts_on=today, ends_on=today + timedelta(days=600), places=1, group_name="E-1")
    walker.save()
    walker.go("admissions:campaign-create")
    walker.fill(
        name="Campaign",
        opens_on=today,
        closes_on=today + timedelta(days=10),
        publishes_on=today + timedelta(days=12),
        draw_source="a lottery",
        cluster=cluster.pk,
    )
    walker.save()


def _make_an_offer(walker: Walker, today) -> None:
    walker.sign_in("hr")
    walker.go("admissions:offer-create")
    walker.fill(
        number="1",
        need=Need.objects.get().pk,
        agreement=Agreement.objects.get().pk,
        intake=Intake.objects.get().pk,
        campaign=Campaign.objects.get().pk,
        seats=1,
        position="electrolysis operator",
        service_months=36,
        wage_from_kopecks=95000,
        wage_to_kopecks=120000,
        duties="Study, practise, work for three years.",
        exit_terms="Pay back the support.",
        requirements="Nine classes.",
        contact="HR",
        support__0__kind="stipend",
        support__0__amount_kopecks=7000,
    )
    walker.save()
    offer = TargetOffer.objects.get()
    walker.press("admissions:offer-propose", offer.pk)
    walker.sign_in("admissions")
    walker.go("admissions:offer", offer.pk)
    walker.press("admissions:offer-agree", offer.pk)
    walker.sign_in("hr")
    walker.go("admissions:offer", offer.pk)
    walker.press("admissions:offer-publish", offer.pk)


def _apply(walker: Walker, school: Organisation, today) -> None:
    """The office helps to begin; the student sends the application and the mother agrees, by mailed links."""
    campaign = Campaign.objects.get()
    walker.sign_in("admissions")
    walker.go("admissions:campaign", campaign.pk)
    walker.press("admissions:campaign-open", campaign.pk)
    walker.go("admissions:application-start", campaign.pk)
    born = today - timedelta(days=round(16.5 * 365))
    walker.fill(family_name="Образцов", given_name="Егор", patronymic="Петрович", born_on=born, email=STUDENT)
    walker.save()
    walker.fill(rank_1=TargetOffer.objects.get().pk, average_mark_hundredths="4.5")
    walker.save()
    student = Person.objects.get(email=STUDENT)
    walker.go("people:add-guardian", student.pk)
    walker.fill(family_name="Образцова", given_name="Анна", email=MOTHER, document="birth certificate")
    walker.save()
    walker.press("people:open-account-of-guardian", student.guardianships.get().pk)
    walker.press("people:open-account", student.pk)

    application = Application.objects.get()
    walker.open_letter(STUDENT)
    walker.go("admissions:application", application.pk)
    walker.press("admissions:application-submit", application.pk)
    walker.sign_in_by_link(MOTHER)
    walker.go("admissions:application-agree", application.pk)
    walker.fill(processing=True, employer=True, target_contract=True)
    walker.save()

    walker.sign_in("admissions")
    walker.go("admissions:application", application.pk)
    walker.press("admissions:application-check", application.pk)


def _allocate(walker: Walker) -> None:
    campaign = Campaign.objects.get()
    walker.go("admissions:campaign", campaign.pk)
    walker.press("admissions:campaign-close", campaign.pk, reason="everybody has applied")
    walker.go("admissions:campaign-seed", campaign.pk)
    walker.fill(seed="1 2 3")
    walker.save()
    walker.go("admissions:runs", campaign.pk)
    walker.press("admissions:run-create", campaign.pk)
    run = AllocationRun.objects.get()
    walker.go("admissions:run", run.pk)
    walker.press("admissions:run-approve", run.pk)
    walker.sign_in("director")
    walker.go("admissions:run", run.pk)
    walker.press("admissions:run-publish", run.pk)
    walker.sign_in_by_link(MOTHER)
    walker.go("admissions:application", Application.objects.get().pk)
    walker.press("admissions:seat-accept", Seat.objects.get().pk)


def _contract(walker: Walker) -> None:
    walker.sign_in("admissions")
    walker.go("admissions:contracts-draw-up")
    walker.save()
    contract = TargetContract.objects.get()
    for address in ("plant.director", "director"):
        walker.sign_in(address)
        _sign(walker, contract)
    for email in (STUDENT, MOTHER):
        walker.sign_in_by_link(email)
        _sign(walker, contract)
    walker.sign_in("admissions")
    intake = Intake.objects.get()
    walker.go("programmes:intake", intake.pk)
    walker.press("programmes:intake-start", intake.pk)


def _sign(walker: Walker, contract: TargetContract) -> None:
    walker.go("admissions:contract", contract.pk)
    walker.press("admissions:contract-sign", contract.pk)


def _practise(walker: Walker, plant: Organisation, today) -> None:
    student = Person.objects.get(email=STUDENT)
    walker.sign_in_by_link(MOTHER)
    walker.go("people:consents", student.pk)
    walker.press("people:give-consent", student.pk, "practice")
    walker.sign_in("hr")
    walker.go("placements:place-create")
    mentor = plant.memberships.get(role="mentor").user
    walker.fill(
        host=plant.pk,
        intake=Intake.objects.get().pk,
        title="electrolysis shop",
        seats=1,
        starts_on=today,
        ends_on=today + timedelta(days=28),
        hours_a_day=5,
        mentor=mentor.pk,
    )
    walker.save()
    place = PracticePlace.objects.get()
    walker.sign_in("practice")
    walker.go("placements:place", place.pk)
    walker.tick("persons", student.pk)
    walker.press("placements:place-students", place.pk)
    placement = Placement.objects.get()
    walker.sign_in("mentor")
    walker.go("placements:detail", placement.pk)
    walker.press("placements:prepare", placement.pk, briefed_on=today, medical_until=today + timedelta(days=300))
    walker.press("placements:start", placement.pk)
    walker.go("placements:complete", placement.pk)
    walker.fill(hours=100, mark=5, characteristic="Works with care.")
    walker.save()


def _graduate(walker: Walker, today) -> None:
    intake = Intake.objects.get()
    walker.sign_in("admissions")
    walker.go("outcomes:exam-create")
    walker.fill(intake=intake.pk, on=today, place="the workshop")
    walker.save()
    exam = Exam.objects.get()
    walker.sign_in("expert")
    walker.go("outcomes:exam", exam.pk)
    walker.fill(**{f"points_{Person.objects.get(email=STUDENT).pk}": "75"})
    walker.save()
    walker.press("outcomes:exam-close", exam.pk)
    walker.sign_in("admissions")
    walker.go("programmes:intake", intake.pk)
    walker.press("programmes:intake-finish", intake.pk)


def _hire(walker: Walker, today) -> None:
    walker.sign_in("hr")
    walker.go("outcomes:hire-create", query=f"?contract={TargetContract.objects.get().pk}")
    walker.fill(hired_on=today - timedelta(days=100))
    walker.save()
    walker.go("outcomes:check_points")
    walker.save()
    assert CheckPoint.objects.get(months=3).state == "stayed"
