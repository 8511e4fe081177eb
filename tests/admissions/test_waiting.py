from datetime import timedelta

import pytest

from kuznitsa.admissions.actions import applications, runs
from kuznitsa.admissions.enums import CampaignState
from kuznitsa.admissions.queries import duties
from tests.factories.accounts import UserFactory
from tests.factories.admissions import OpenOfferFactory, checked, office_of, published, submitted
from tests.factories.people import GuardianshipFactory, PersonFactory

pytestmark = pytest.mark.django_db


def titles(user, at, language="en"):
    from django.utils import translation

    with translation.override(language):
        return [(duty.title, duty.due_on, duty.count) for duty in duties(user, at.date())]


def test_the_family_is_asked_in_turn(at):
    guardianship = GuardianshipFactory(
        child=PersonFactory(minor=True, user=UserFactory()), guardian=PersonFactory(user=UserFactory())
    )
    child, guardian = guardianship.child, guardianship.guardian
    offer = OpenOfferFactory()
    application = applications.start_application(campaign=offer.campaign, person=child, by=None, at=at)
    closes = offer.campaign.closes_on
    finish = ("Finish the application and send it", closes, 1)
    assert titles(child.user, at) == titles(guardian.user, at) == [finish]
    applications.edit_application(application=application, offers=[offer], average_mark_hundredths=450, by=None, at=at)
    applications.submit_application(application=application, by=None, at=at)
    assert titles(child.user, at) == []
    assert titles(guardian.user, at) == [("Read the offers and agree", closes, 1)]
    assert titles(guardian.user, at + timedelta(days=30)) == []


@pytest.mark.parametrize("minor", [True, False])
def test_whoever_answers_for_a_seat_is_asked(at, minor):
    guardianship = GuardianshipFactory(
        child=PersonFactory(user=UserFactory(), **({"minor": True} if minor else {})),
        guardian=PersonFactory(user=UserFactory()),
    )
    child, guardian = guardianship.child.user, guardianship.guardian.user
    offer = OpenOfferFactory()
    # Of age when applying by these actions, whatever the age is: the seat is what is looked at.
    application = checked(offer, at=at)
    application.person = guardianship.child
    application.save()
    published(offer.campaign, at=at)
    asked, quiet = (guardian, child) if minor else (child, guardian)
    assert [title for title, *_rest in titles(asked, at)] == ["Answer whether the seat is taken"]
    assert titles(quiet, at) == []


def test_the_office_checks_and_two_people_publish(at):
    offer = OpenOfferFactory()
    campaign = offer.campaign
    one, two = office_of(campaign), office_of(campaign)
    submitted(offer, at=at)
    submitted(offer, at=at)
    assert titles(one, at) == [("Check applications", campaign.publishes_on, 2)]
    campaign.state = CampaignState.CLOSED
    campaign.save()
    assert titles(one, at)[1][0] == "Calculate the allocation"
    run = runs.run_allocation(campaign=campaign, by=None, at=at)
    assert titles(one, at)[1][0].startswith("Look at the draft")
    runs.approve_run(run=run, by=one, at=at)
    assert len(titles(one, at)) == 1
    assert titles(two, at)[1][0].startswith("Publish")
    assert titles(UserFactory(), at) == []
