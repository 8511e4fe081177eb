from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from kuznitsa.accounts.models import User
from kuznitsa.base.models import SentLetter
from kuznitsa.base.refusal import Refused
from kuznitsa.organisations import actions
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Invitation, Membership
from tests.factories.accounts import UserFactory
from tests.factories.organisations import EmployerFactory, InvitationFactory, MembershipFactory, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("en")]


@pytest.fixture
def plant():
    return EmployerFactory()


@pytest.fixture
def administrator(plant):
    return member(plant, Role.ADMINISTRATOR)


def invite(plant, by, at, **details):
    given = {"email": "Anna@Example.org", "role": Role.MENTOR}
    return actions.invite(organisation=plant, **given | details, by=by, at=at)


def test_an_invitation_goes_out_by_letter_and_keeps_no_secret(
    plant, administrator, at, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        invitation = invite(plant, administrator, at)

    link = next(word for word in mailoutbox[0].body.split() if "/invitations/" in word)
    secret = link.rstrip("/").rsplit("/", 1)[-1]
    assert mailoutbox[0].to == ["anna@example.org"]
    assert Invitation.objects.with_secret(secret).get() == invitation
    assert secret not in invitation.secret_hash
    assert SentLetter.objects.get().body == ""


@pytest.mark.parametrize("role", [Role.MENTOR, Role.EMPLOYER_HR])
def test_only_a_keeper_invites(plant, role, at):
    with pytest.raises(Refused):
        invite(plant, member(plant, role), at)


def test_nobody_is_invited_twice_into_a_role(plant, administrator, at):
    invite(plant, administrator, at)
    with pytest.raises(Refused, match="invited already"):
        invite(plant, administrator, at)


def test_who_has_the_role_is_not_invited(plant, administrator, at):
    MembershipFactory(organisation=plant, user=UserFactory(email="anna@example.org"), role=Role.MENTOR)
    with pytest.raises(Refused, match="already has this role"):
        invite(plant, administrator, at)


def test_the_role_exists_in_the_organisation(plant, administrator, at):
    with pytest.raises(Refused, match="does not exist"):
        invite(plant, administrator, at, role=Role.REGIONAL_COORDINATOR)


def test_a_newcomer_gets_an_account_and_the_role(at):
    invitation = InvitationFactory(email="anna@example.org")

    user = actions.accept_invitation(
        invitation=invitation, full_name="Анна", language="en", password="a long secret", at=at
    )

    assert (user.email, user.language, user.check_password("a long secret")) == ("anna@example.org", "en", True)
    assert Membership.objects.current().get(user=user).role == Role.MENTOR
    assert invitation.accepted_at == at


def test_a_weak_password_leaves_everything_as_it_was(at):
    invitation = InvitationFactory()
    with pytest.raises(Refused, match="too short"):
        actions.accept_invitation(invitation=invitation, full_name="Анна", password="123", at=at)
    assert not User.objects.filter(email=invitation.email).exists()
    assert Invitation.objects.waiting().exists()


def test_who_has_an_account_accepts_signed_in(at):
    user = UserFactory(email="anna@example.org")
    invitation = InvitationFactory(email="Anna@example.org")
    with pytest.raises(Refused, match="Sign in"):
        actions.accept_invitation(invitation=invitation, by=AnonymousUser(), at=at)

    assert actions.accept_invitation(invitation=invitation, by=user, at=at) == user
    assert Membership.objects.current().filter(user=user, role=invitation.role).exists()


def test_another_person_does_not_accept(at):
    with pytest.raises(Refused, match="Sign out first"):
        actions.accept_invitation(invitation=InvitationFactory(), by=UserFactory(), at=at)


def test_an_invitation_is_accepted_once(at):
    invitation = InvitationFactory()
    stale = Invitation.objects.get(pk=invitation.pk)
    user = actions.accept_invitation(invitation=invitation, full_name="Анна", at=at)
    with pytest.raises(Refused, match="accepted already"):
        actions.accept_invitation(invitation=invitation, by=user, at=at)
    with pytest.raises(Refused, match="accepted already"):
        actions.accept_invitation(invitation=stale, by=user, at=at)
    assert Membership.objects.filter(user=user).count() == 1


def test_an_expired_invitation_is_not_accepted(at):
    invitation = InvitationFactory(expires_at=at - timedelta(seconds=1))
    with pytest.raises(Refused, match="expired"):
        actions.accept_invitation(invitation=invitation, full_name="Анна", at=at)


def test_an_expired_invitation_is_sent_again_to_the_same_address(at, mailoutbox, django_capture_on_commit_callbacks):
    invitation = InvitationFactory(secret="old", expires_at=at - timedelta(days=1))

    with django_capture_on_commit_callbacks(execute=True):
        actions.send_invitation_again(invitation=invitation, by=AnonymousUser(), at=at)

    assert mailoutbox[0].to == [invitation.email]
    assert invitation.expires_at > at
    assert not Invitation.objects.with_secret("old").exists()


def test_two_letters_within_a_minute_are_one_too_many(plant, administrator, at):
    invitation = invite(plant, administrator, at)
    with pytest.raises(Refused, match="a moment ago"):
        actions.send_invitation_again(invitation=invitation, by=administrator, at=at + timedelta(seconds=30))


def test_others_do_not_send_it_again(plant, at):
    with pytest.raises(Refused):
        actions.send_invitation_again(
            invitation=InvitationFactory(organisation=plant), by=member(plant, Role.EMPLOYER_HR), at=at
        )


def test_a_withdrawn_invitation_is_neither_accepted_nor_sent(plant, administrator, at):
    invitation = InvitationFactory(organisation=plant)
    actions.withdraw_invitation(invitation=invitation, by=administrator, at=at)
    with pytest.raises(Refused, match="withdrawn"):
        actions.accept_invitation(invitation=invitation, full_name="Анна", at=at)
    with pytest.raises(Refused, match="withdrawn"):
        actions.send_invitation_again(invitation=invitation, by=administrator, at=at)


def test_others_do_not_withdraw(plant, at):
    with pytest.raises(Refused):
        actions.withdraw_invitation(
            invitation=InvitationFactory(organisation=plant), by=member(plant, Role.MENTOR), at=at
        )


def test_an_accepted_invitation_is_not_withdrawn(plant, administrator, at):
    invitation = InvitationFactory(organisation=plant)
    stale = Invitation.objects.get(pk=invitation.pk)
    actions.accept_invitation(invitation=invitation, full_name="Анна", at=at)
    with pytest.raises(Refused, match="accepted already"):
        actions.withdraw_invitation(invitation=invitation, by=administrator, at=at)
    with pytest.raises(Refused, match="accepted already"):
        actions.withdraw_invitation(invitation=stale, by=administrator, at=at)
