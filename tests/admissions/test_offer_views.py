import pytest
from django.urls import reverse

from kuznitsa.admissions.enums import CampaignState, OfferState
from kuznitsa.admissions.models import TargetOffer
from kuznitsa.agreements.enums import ObligationKind
from kuznitsa.agreements.models import Agreement, Obligation, Party
from kuznitsa.demand.enums import NeedState
from kuznitsa.demand.models import Need
from kuznitsa.organisations.enums import Role
from tests.factories.admissions import CampaignFactory, SupportMeasureFactory, TargetOfferFactory
from tests.factories.clusters import together
from tests.factories.organisations import EmployerFactory, member
from tests.factories.programmes import IntakeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant():
    return EmployerFactory()


@pytest.fixture
def hr(plant, client_as):
    return client_as(member(plant, Role.EMPLOYER_HR), language="en")


@pytest.fixture
def visitor(client_as):
    return client_as(None, language="en")


def typed(intake, plant, **changes):
    together(plant, intake.programme.college)
    return {
        "employer": plant.pk,
        "intake": intake.pk,
        "seats": "5",
        "position": "operator",
        "service_months": "36",
        "wage_from_kopecks": "60 000",
        "minimum_mark": "3.5",
        "duties": "Study.",
        "exit_terms": "By agreement.",
        "support-TOTAL_FORMS": "3",
        "support-INITIAL_FORMS": "0",
        "support-0-kind": "stipend",
        "support-0-amount_kopecks": "5 000",
        "support-0-period": "monthly",
        "support-1-period": "monthly",
        "support-2-period": "monthly",
        **changes,
    }


def test_the_card_tells_a_visitor_what_one_gets_owes_and_how_one_gets_out(visitor, at):
    offer = TargetOfferFactory(published=True, minimum_mark_hundredths=350)
    SupportMeasureFactory(offer=offer)
    SupportMeasureFactory(offer=offer, kind="housing", amount_kopecks=None, description="a room in the hostel")
    page = visitor.get(offer.get_absolute_url()).content.decode()
    for text in (
        "5,000",
        "110,000",
        "a room in the hostel",
        "3 years",
        "3.50 or better",
        "10 working days",
        "3 average",
    ):
        assert text in page.replace("\N{NO-BREAK SPACE}", " "), text
    assert "being checked" in page
    assert "For the plant and the college" not in page


@pytest.mark.parametrize(("state", "is_over"), [(CampaignState.OPEN, False), (CampaignState.COMPLETED, True)])
def test_the_card_says_when_applications_are_over(visitor, at, state, is_over):
    offer = TargetOfferFactory(published=True, campaign=CampaignFactory(state=state))
    page = visitor.get(offer.get_absolute_url()).content.decode()
    assert ("Applications are over" in page, "Under 18?" in page) == (is_over, not is_over)


def test_the_card_marks_what_the_plant_wrote_in_russian(visitor, client_as, at):
    offer = TargetOfferFactory(published=True, duties="Учиться и прийти на завод.", exit_terms="By agreement.")
    note = "in Russian, as written by the plant"
    page = visitor.get(offer.get_absolute_url()).content.decode()
    assert '<div lang="ru"><p>Учиться и прийти на завод.</p></div>' in page
    assert page.count(note) == 1
    russian = client_as(None).get(offer.get_absolute_url()).content.decode()
    assert '<div class="k-prose"><p>Учиться и прийти на завод.</p></div>' in russian


def test_the_calculator_counts_support_over_months(visitor, at):
    offer = TargetOfferFactory(published=True)
    SupportMeasureFactory(offer=offer)
    page = visitor.get(offer.get_absolute_url(), {"months": "7"}).content.decode()
    assert "35,000" in page


@pytest.mark.parametrize("months", ["0", "23", "x"])
def test_the_calculator_refuses_impossible_months(visitor, at, months):
    offer = TargetOfferFactory(published=True)
    SupportMeasureFactory(offer=offer)
    page = visitor.get(offer.get_absolute_url(), {"months": months})
    assert page.status_code == 200
    assert page.context["calculated_kopecks"] is None


def test_a_draft_is_unknown_to_visitors(visitor, at):
    assert visitor.get(TargetOfferFactory().get_absolute_url()).status_code == 404


def test_visitors_find_offers_by_words(visitor, at):
    TargetOfferFactory(published=True, position="Электролизник")
    TargetOfferFactory(published=True, position="Сварщик")
    page = visitor.get(reverse("admissions:offers"), {"q": "электролиз"}).content.decode()
    assert "Электролизник" in page
    assert "Сварщик" not in page


def test_a_list_of_three_costs_as_much_as_of_one(visitor, query_count, at):
    query_count(lambda: visitor.get(reverse("admissions:offers")), lambda: TargetOfferFactory(published=True))


def test_the_hr_drafts_an_offer(hr, plant, at):
    intake = IntakeFactory()
    answer = hr.post(reverse("admissions:offer-create"), typed(intake, plant))
    offer = TargetOffer.objects.get()
    assert answer.url == offer.get_absolute_url()
    assert (offer.minimum_mark_hundredths, offer.wage_from_kopecks) == (350, 6_000_000)
    assert offer.support.get().amount_kopecks == 500_000


def test_a_refused_draft_keeps_what_was_typed(hr, plant, at):
    page = hr.post(reverse("admissions:offer-create"), typed(IntakeFactory(), plant, service_months="12"))
    assert "36 to 60 months" in page.content.decode()
    assert 'value="operator"' in page.content.decode()
    assert not TargetOffer.objects.exists()


def test_a_row_of_support_without_amount_and_thing_is_shown_again(hr, plant, at):
    page = hr.post(
        reverse("admissions:offer-create"), typed(IntakeFactory(), plant, **{"support-0-amount_kopecks": ""})
    )
    assert "Name an amount" in page.content.decode()
    assert not TargetOffer.objects.exists()


def test_a_row_of_support_is_struck_out(hr, plant, at):
    offer = TargetOfferFactory(employer=plant)
    SupportMeasureFactory(offer=offer)
    data = typed(offer.intake, plant, number=offer.number)
    data |= {"support-TOTAL_FORMS": "4", "support-INITIAL_FORMS": "1", "support-0-DELETE": "on"}
    data |= {"support-3-period": "monthly", "support-1-kind": "housing", "support-1-description": "a room"}
    assert hr.post(reverse("admissions:offer-edit", args=[offer.pk]), data).status_code == 302
    assert [measure.kind for measure in offer.support.all()] == ["housing"]


def test_an_offer_begins_with_what_the_need_says(hr, plant, at):
    intake = IntakeFactory()
    need = Need.objects.create(
        employer=plant, occupation=intake.programme.occupation, year=2028, growth=9, state=NeedState.STATED
    )
    form = hr.get(reverse("admissions:offer-create"), {"need": need.pk}).context["form"]
    assert (form["seats"].value(), form["intake"].value(), form["need"].value()) == (9, intake.pk, need.pk)


def test_an_offer_begins_with_what_the_obligation_says(hr, plant, at):
    intake = IntakeFactory()
    agreement = Agreement.objects.create(number="1", title="A", subject="s", starts_on=at.date(), state="in_force")
    Party.objects.create(agreement=agreement, organisation=plant)
    obligation = Obligation.objects.create(
        agreement=agreement,
        owner=plant,
        beneficiary=intake.programme.college,
        kind=ObligationKind.SEATS,
        quantity=25,
        due_on=at.date(),
        occupation=intake.programme.occupation,
    )
    form = hr.get(reverse("admissions:offer-create"), {"obligation": obligation.pk}).context["form"]
    assert (form["seats"].value(), form["intake"].value(), form["agreement"].value()) == (25, intake.pk, agreement.pk)


def test_an_offer_goes_its_way_through_the_screens(hr, plant, client_as, at):
    offer = TargetOfferFactory(employer=plant, campaign=None)
    SupportMeasureFactory(offer=offer)
    office = client_as(member(offer.intake.programme.college, Role.ADMISSIONS), language="en")

    def press(client, verb, **data):
        client.post(reverse(f"admissions:offer-{verb}", args=[offer.pk]), data)
        offer.refresh_from_db()
        return offer.state

    assert press(hr, "propose") == OfferState.PROPOSED
    assert press(office, "return", reason="the duties are unclear") == OfferState.DRAFT
    assert press(hr, "propose") == OfferState.PROPOSED
    assert press(office, "agree") == OfferState.AGREED
    assert press(hr, "publish") == OfferState.PUBLISHED
    press(hr, "seats", seats="7", reason="one more shift")
    assert offer.seats == 7
    assert press(office, "close", reason="all given") == OfferState.CLOSED
    assert press(hr, "reopen", reason="one came back") == OfferState.PUBLISHED
    assert press(hr, "withdraw", reason="plans changed") == OfferState.WITHDRAWN
    assert press(hr, "restore", reason="plans changed back") == OfferState.DRAFT


def test_a_refused_number_of_seats_is_said_on_the_form(hr, plant, at):
    offer = TargetOfferFactory(employer=plant, published=True)
    page = hr.post(reverse("admissions:offer-seats", args=[offer.pk]), {"seats": "99", "reason": "more"})
    assert "The intake has 25 places" in page.content.decode()


@pytest.mark.parametrize("state", list(OfferState))
def test_the_plant_sees_its_offer_in_every_state(hr, plant, at, state, language):
    offer = TargetOfferFactory(employer=plant, state=state)
    assert hr.get(offer.get_absolute_url()).status_code == 200


def test_the_hr_opens_the_forms(hr, plant, at):
    draft = TargetOfferFactory(employer=plant, minimum_mark_hundredths=350)
    SupportMeasureFactory(offer=draft)
    assert hr.get(reverse("admissions:offer-create")).status_code == 200
    assert 'value="3.5"' in hr.get(reverse("admissions:offer-edit", args=[draft.pk])).content.decode()


def test_a_stranger_makes_no_offer(client_as, at):
    stranger = client_as(member(EmployerFactory(), Role.MENTOR))
    assert stranger.get(reverse("admissions:offer-create")).status_code == 302


# --- campaigns ---


@pytest.fixture
def office(client_as):
    def make(college):
        return client_as(member(college, Role.ADMISSIONS), language="en")

    return make


@pytest.mark.parametrize("state", [state for state in CampaignState if state != CampaignState.DRAFT])
def test_a_campaign_is_public_from_its_opening(visitor, at, state):
    campaign = CampaignFactory(state=state)
    TargetOfferFactory(published=True, intake__programme__college=campaign.college, campaign=campaign)
    page = visitor.get(campaign.get_absolute_url()).content.decode()
    assert campaign.draw_source in page
    assert "электролизник" in page


def test_a_campaign_being_prepared_is_not_public(visitor, at):
    assert visitor.get(CampaignFactory(state=CampaignState.DRAFT).get_absolute_url()).status_code == 404


def test_a_list_of_three_campaigns_costs_as_much_as_of_one(visitor, query_count, at):
    query_count(lambda: visitor.get(reverse("admissions:campaigns")), CampaignFactory)


def test_a_campaign_goes_its_way_through_the_screens(office, at):
    campaign = CampaignFactory(state=CampaignState.DRAFT)
    TargetOfferFactory(published=True, intake__programme__college=campaign.college, campaign=campaign)
    client = office(campaign.college)

    def press(verb, **data):
        client.post(reverse(f"admissions:campaign-{verb}", args=[campaign.pk]), data)
        campaign.refresh_from_db()
        assert client.get(campaign.get_absolute_url()).status_code == 200
        return campaign.state

    assert press("open") == CampaignState.OPEN
    assert press("return", reason="a wrong date") == CampaignState.DRAFT
    assert press("open") == CampaignState.OPEN
    assert press("close", reason="by order") == CampaignState.CLOSED
    days = {"closes_on": "2026-09-12", "publishes_on": "2026-09-16"}
    assert press("reopen", **days, reason="few applied") == CampaignState.OPEN
    assert press("close", reason="by order") == CampaignState.CLOSED
    press("seed", seed="17 4 9")
    assert campaign.draw_seed == "17 4 9"


def test_a_campaign_is_created_and_edited_by_forms(office, at):
    campaign = CampaignFactory(state=CampaignState.DRAFT)
    client = office(campaign.college)
    data = {
        "college": campaign.college_id,
        "name": "Autumn",
        "opens_on": "2026-09-01",
        "closes_on": "2026-08-20",
        "publishes_on": "2026-09-25",
        "answer_working_days": "5",
        "max_choices": "5",
        "min_size_rule": "ignore",
        "draw_source": "lottery",
    }
    page = client.post(reverse("admissions:campaign-create"), data)
    assert "must follow each other" in page.content.decode()
    data["closes_on"] = "2026-09-20"
    assert client.post(reverse("admissions:campaign-create"), data).status_code == 302
    assert client.get(reverse("admissions:campaign-edit", args=[campaign.pk])).status_code == 200
    assert client.post(reverse("admissions:campaign-edit", args=[campaign.pk]), data).status_code == 302
    campaign.refresh_from_db()
    assert campaign.name == "Autumn"
