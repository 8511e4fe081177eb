from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused
from kuznitsa.organisations.enums import Role
from kuznitsa.people import actions, permissions
from kuznitsa.people.enums import AffiliationKind, ConsentPurpose
from kuznitsa.people.models import Affiliation, ConsentText, Person
from tests.factories.accounts import UserFactory
from tests.factories.organisations import CollegeFactory, member
from tests.factories.people import ConsentFactory, GuardianshipFactory, PersonFactory

pytestmark = pytest.mark.django_db

NAMES = {"family_name": "Примеров", "given_name": "Пётр"}


def test_register_person_cleans_names_and_is_audited(at):
    person = actions.register_person(by=None, at=at, family_name=" Примеров\u200b ", given_name="Пётр", patronymic="")

    assert person.full_name == "Примеров Пётр"
    assert person.search == "примеров петр"
    assert AuditEntry.objects.about(person).get().verb == "people.person.registered"


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"family_name": "", "given_name": "Пётр"}, "фамилия и имя"),
        ({**NAMES, "born_on": date(2027, 1, 1)}, "01.01.2027"),
        ({**NAMES, "born_on": date(1880, 1, 1)}, "01.01.1880"),
        ({**NAMES, "snils": "112-233-445 96"}, "СНИЛС"),
    ],
)
def test_register_person_refuses_impossible_details(at, details, words):
    with pytest.raises(Refused, match=words):
        actions.register_person(by=None, at=at, **details)

    assert not Person.objects.exists()


def test_edit_person_is_audited_with_the_names_of_what_changed(at):
    person = PersonFactory()

    actions.edit_person(person=person, by=None, at=at, phone="+7 000 000-00-00", email="")

    entry = AuditEntry.objects.about(person).get()
    assert entry.details == {"changed": ["phone"]}


def test_who_a_person_is_can_be_completed_but_not_changed_by_themselves(at):
    """A pupil who makes themselves of age would consent alone."""
    person = PersonFactory(minor=True, user=UserFactory())
    actions.edit_person(person=person, snils="112-233-445 95", born_on=person.born_on, by=person.user, at=at)
    for change in ({"born_on": date(2000, 1, 1)}, {"born_on": None}, {"snils": ""}):
        with pytest.raises(Refused, match="дату рождения или СНИЛС"):
            actions.edit_person(person=person, **change, by=person.user, at=at)
    person.refresh_from_db()
    assert person.born_on == date(2011, 3, 14)
    actions.edit_person(person=person, born_on=date(2011, 3, 15), by=None, at=at)
    assert person.born_on == date(2011, 3, 15)


def test_affiliate_twice_is_one_affiliation(at):
    person, organisation = PersonFactory(), CollegeFactory()

    for _attempt in range(2):
        actions.affiliate(
            person=person, organisation=organisation, kind=AffiliationKind.STUDENT, on=at.date(), by=None, at=at
        )

    assert Affiliation.objects.current().count() == 1


def test_end_affiliation(at):
    person, organisation = PersonFactory(), CollegeFactory()
    what = {"person": person, "organisation": organisation, "kind": AffiliationKind.STUDENT, "on": at.date()}
    actions.affiliate(**what, by=None, at=at)

    actions.end_affiliation(**what, by=None, at=at)

    assert not Affiliation.objects.current().exists()


def test_add_guardian_refuses_self_minor_and_second_time(at):
    child, sibling, mother = PersonFactory(minor=True), PersonFactory(minor=True), PersonFactory()
    actions.add_guardian(child=child, guardian=mother, by=None, at=at)

    for guardian in (child, sibling, mother):
        with pytest.raises(Refused):
            actions.add_guardian(child=child, guardian=guardian, by=None, at=at)

    assert [row.guardian for row in child.guardianships.all()] == [mother]


def test_end_guardianship_only_once(at):
    guardianship = GuardianshipFactory()
    actions.end_guardianship(guardianship=guardianship, on=at.date(), by=None, at=at)

    with pytest.raises(Refused):
        actions.end_guardianship(guardianship=guardianship, on=at.date(), by=None, at=at)


def test_minor_is_not_enrolled_without_the_guardians_consent(at):
    guardianship = GuardianshipFactory()
    child, purpose = guardianship.child, ConsentPurpose.TARGET_CONTRACT
    assert permissions.why_not_enrol(child, purpose, at.date())

    consent = actions.give_consent(person=child, purpose=purpose, given_by=guardianship.guardian, by=None, at=at)
    assert permissions.why_not_enrol(child, purpose, at.date()) == ""

    actions.withdraw_consent(consent=consent, by=None, at=at, reason="передумали")
    assert permissions.why_not_enrol(child, purpose, at.date())


def test_adult_is_enrolled_without_consent_of_anybody_else(at):
    assert permissions.why_not_enrol(PersonFactory(), ConsentPurpose.TARGET_CONTRACT, at.date()) == ""


def test_person_without_date_of_birth_is_not_enrolled(at):
    person = PersonFactory(born_on=None)

    assert "рождения" in permissions.why_not_enrol(person, ConsentPurpose.TARGET_CONTRACT, at.date())


def test_consent_for_a_minor_comes_from_a_guardian_only(at):
    child, stranger = PersonFactory(minor=True), PersonFactory()

    with pytest.raises(Refused, match="законный представитель"):
        actions.give_consent(person=child, purpose=ConsentPurpose.IMAGE, given_by=stranger, by=None, at=at)


def test_consent_of_an_adult_comes_from_the_person_only(at):
    person, other = PersonFactory(), PersonFactory()

    with pytest.raises(Refused):
        actions.give_consent(person=person, purpose=ConsentPurpose.IMAGE, given_by=other, by=None, at=at)


def test_consent_is_given_once_and_keeps_the_version_of_its_text(at):
    person = PersonFactory()
    consent = actions.give_consent(person=person, purpose=ConsentPurpose.PROCESSING, given_by=person, by=None, at=at)
    assert consent.text.version == 1

    with pytest.raises(Refused):
        actions.give_consent(person=person, purpose=ConsentPurpose.PROCESSING, given_by=person, by=None, at=at)


def test_consent_without_a_text_in_force_is_refused(at):
    person = PersonFactory()
    ConsentText.objects.filter(purpose=ConsentPurpose.IMAGE).delete()

    with pytest.raises(Refused, match="текста"):
        actions.give_consent(person=person, purpose=ConsentPurpose.IMAGE, given_by=person, by=None, at=at)


@pytest.mark.parametrize("paper", [None, actions.Paper(), actions.Paper(original=" ")])
def test_an_office_records_a_consent_by_its_paper_only(at, paper):
    person, college = PersonFactory(), CollegeFactory()
    actions.affiliate(person=person, organisation=college, kind=AffiliationKind.STUDENT, on=at.date(), by=None, at=at)
    how = {"person": person, "purpose": ConsentPurpose.IMAGE, "given_by": person, "at": at}
    office = member(college, Role.ADMISSIONS)

    with pytest.raises(Refused):
        actions.give_consent(**how, paper=paper, by=office)

    consent = actions.give_consent(**how, paper=actions.Paper(original="личное дело 12"), by=office)
    assert (consent.channel, consent.original, consent.recorded_by) == ("paper", "личное дело 12", office)


def test_one_scan_may_hold_several_consents(at):
    person, scan = PersonFactory(), SimpleUploadedFile("a.pdf", b"%PDF-1.7 both")

    for purpose in (ConsentPurpose.PROCESSING, ConsentPurpose.IMAGE):
        actions.give_consent(person=person, purpose=purpose, given_by=person, paper=actions.Paper(scan), by=None, at=at)

    kept = [Path(consent.scan.path).read_bytes() for consent in person.consents.all()]
    assert kept == [b"%PDF-1.7 both"] * 2


def test_withdraw_consent_only_once(at):
    consent = ConsentFactory()
    actions.withdraw_consent(consent=consent, by=None, at=at)

    with pytest.raises(Refused):
        actions.withdraw_consent(consent=consent, by=None, at=at)


def test_open_account_ties_a_new_account_to_the_person_and_mails_a_link(
    at, mailoutbox, django_capture_on_commit_callbacks
):
    person = PersonFactory(email="anna@example.org")

    with django_capture_on_commit_callbacks(execute=True):
        user = actions.open_account(person=person, by=None, at=at)

    person.refresh_from_db()
    assert (person.user, user.email, user.has_usable_password()) == (user, "anna@example.org", False)
    assert [letter.to for letter in mailoutbox] == [["anna@example.org"]]
    assert AuditEntry.objects.about(person).filter(verb="people.person.account_opened").exists()


def test_open_account_takes_the_account_that_the_address_has(at):
    user = UserFactory(email="anna@example.org")
    person = PersonFactory(email="Anna@example.org")

    assert actions.open_account(person=person, by=None, at=at) == user


@pytest.mark.parametrize("prepare", ["no address", "has one", "of another", "may not", "own address"])
def test_open_account_is_refused(at, prepare):
    person, by = PersonFactory(email="" if prepare == "no address" else "anna@example.org"), None
    if prepare == "has one":
        person.user = UserFactory()
    if prepare == "of another":
        PersonFactory(user=UserFactory(email="anna@example.org"))
    if prepare == "may not":
        by = UserFactory()
    if prepare == "own address":
        by = UserFactory(email="Anna@example.org", is_staff=True)

    with pytest.raises(Refused):
        actions.open_account(person=person, by=by, at=at)


def test_office_of_a_child_opens_the_account_of_the_guardian(at):
    college = CollegeFactory()
    guardianship = GuardianshipFactory(guardian__email="mother@example.org")
    actions.affiliate(
        person=guardianship.child, organisation=college, kind=AffiliationKind.STUDENT, on=at.date(), by=None, at=at
    )

    user = actions.open_account(person=guardianship.guardian, by=member(college, Role.ADMISSIONS), at=at)

    assert user.email == "mother@example.org"


def test_a_parent_enters_a_child_and_names_the_own_account(at):
    user = UserFactory(full_name="")
    child = actions.register_child(**NAMES, parent={"family_name": "Примерова", "given_name": "Анна"}, by=user, at=at)

    guardianship = child.guardianships.get()
    user.refresh_from_db()
    assert (guardianship.guardian.user, user.full_name, child.user) == (user, "Примерова Анна", None)
    assert Person.objects.visible_to(user).filter(pk=child.pk).exists()
    assert not permissions.why_not_edit(user, child)
    assert AuditEntry.objects.about(child).filter(verb="people.guardian.added", actor_id=user.pk).exists()


@pytest.mark.parametrize("parent", [{}, {"family_name": "Примерова", "given_name": ""}])
def test_a_child_is_not_entered_by_somebody_without_a_name(at, parent):
    with pytest.raises(Refused, match="фамилия и имя"):
        actions.register_child(**NAMES, parent=parent, by=UserFactory(), at=at)
    assert not Person.objects.exists()


def test_a_minor_enters_no_child(at):
    person = PersonFactory(minor=True, user=UserFactory())
    with pytest.raises(Refused, match="совершеннолетним"):
        actions.register_child(**NAMES, by=person.user, at=at)
    assert Person.objects.get() == person


def test_who_has_entered_a_child_sees_it_until_the_guardianship_ends(at):
    parent = PersonFactory(user=UserFactory())
    child = actions.register_child(**NAMES, by=parent.user, at=at)
    actions.end_guardianship(guardianship=child.guardianships.get(), on=at.date(), by=None, at=at)
    assert not Person.objects.visible_to(parent.user).filter(pk=child.pk).exists()
