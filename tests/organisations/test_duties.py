"""Invitations nobody answers, organisations nobody keeps."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.queries import duties
from tests.factories.organisations import CollegeFactory, InvitationFactory, member

pytestmark = pytest.mark.django_db

REMIND = "Remind of the invitation, or send it again"
INVITE = "Invite a director or an administrator: nobody keeps the organisation"


def titles(user, today):
    with translation.override("en"):
        return {duty.title: duty.due_on for duty in duties(user, today)}


def test_a_keeper_is_told_three_days_before_an_invitation_runs_out(at):
    invitation = InvitationFactory()
    ends = timezone.localdate(invitation.expires_at)
    keeper = member(invitation.organisation, Role.ADMINISTRATOR)
    assert titles(keeper, ends - timedelta(days=4)) == {}
    for day in (ends - timedelta(days=3), ends + timedelta(days=10)):
        assert titles(keeper, day) == {REMIND: ends}
    for user in (member(invitation.organisation, Role.MENTOR), member(CollegeFactory(), Role.ADMINISTRATOR)):
        assert titles(user, ends) == {}
    invitation.withdrawn_at = at
    invitation.save()
    assert titles(keeper, ends) == {}


def test_a_coordinator_brings_in_a_keeper(at):
    college = CollegeFactory()
    coordinator = member(college, Role.COORDINATOR)
    assert titles(coordinator, at.date()) == {INVITE: None}
    assert titles(member(college, Role.ADMISSIONS), at.date()) == {}
    assert titles(member(CollegeFactory(), Role.ADMISSIONS), at.date()) == {}
    invitation = InvitationFactory(organisation=college, role=Role.DIRECTOR)
    assert titles(coordinator, at.date()) == {}
    invitation.withdrawn_at = at
    invitation.save()
    assert titles(coordinator, at.date()) == {INVITE: None}
    member(college, Role.DIRECTOR)
    assert titles(coordinator, at.date()) == {}
