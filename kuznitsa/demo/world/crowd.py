"""People: applicants of every cohort, guardians of those under age, what they agreed to, who may see them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from kuznitsa.accounts.models import User
from kuznitsa.demo.world.loading import insert
from kuznitsa.demo.world.names import draw_name
from kuznitsa.demo.world.partners import DOMAIN, PASSWORD
from kuznitsa.demo.world.plan import Plan, noon
from kuznitsa.demo.world.promises import Branch
from kuznitsa.people.enums import AffiliationKind, ConsentPurpose
from kuznitsa.people.models import Affiliation, Consent, ConsentText, Guardianship, Person

PURPOSES = (
    ConsentPurpose.PROCESSING,
    ConsentPurpose.EMPLOYER,
    ConsentPurpose.TARGET_CONTRACT,
    ConsentPurpose.PRACTICE,
)
# Cohorts whose members are still under age.
MINORS = (0, 1)


def build_crowd(branches: list[Branch], plan: Plan) -> list[list[Person]]:
    """Write persons; return the applicants to each branch, in the order of the branches."""
    people = insert(_youth(branch, number, plan) for branch in branches for number in range(plan.applicants))
    groups = [people[start : start + plan.applicants] for start in range(0, len(people), plan.applicants)]
    guardians = _guardians(branches, groups, plan)
    _log_ins(branches, groups, guardians)
    _consents(people, guardians, plan.today)
    insert(row for branch, group in zip(branches, groups, strict=True) for row in _affiliations(branch, group))
    return groups


def _youth(branch: Branch, number: int, plan: Plan) -> Person:
    is_male = plan.chance.random() < 0.7
    family, given, patronymic = draw_name(plan.chance, is_male=is_male)
    schools = branch.partners.schools
    return Person(
        family_name=family,
        given_name=given,
        patronymic=patronymic,
        is_male=is_male,
        born_on=date(branch.cohort.starts_on.year - 16, 9, 2) + timedelta(days=plan.chance.randrange(360)),
        school=schools[number % len(schools)],
    )


def _guardians(branches: list[Branch], groups: list[list[Person]], plan: Plan) -> Mapping[int, Person]:
    """Give guardians to those under age, as far as they go; return them by child."""
    minors: dict[int, list[Person]] = defaultdict(list)
    for branch, group in zip(branches, groups, strict=True):
        if branch.cohort.offset in MINORS:
            minors[branch.partners.cluster.pk].extend(group)
    shared = [
        (child, number % plan.guardians, cluster)
        for cluster, children in minors.items()
        for number, child in enumerate(children)
    ]
    keys = list(dict.fromkeys((cluster, number) for _child, number, cluster in shared))
    written = insert(_guardian(plan) for _key in keys)
    by_key = dict(zip(keys, written, strict=True))
    found = {child.pk: by_key[cluster, number] for child, number, cluster in shared}
    insert(
        Guardianship(
            child=child,
            guardian=found[child.pk],
            started_on=child.born_on,
            document="свидетельство о рождении",
            confirmed_at=noon(child.born_on),
        )
        for child, _number, _cluster in shared
    )
    return found


def _guardian(plan: Plan) -> Person:
    family, given, patronymic = draw_name(plan.chance, is_male=False)
    return Person(family_name=family, given_name=given, patronymic=patronymic, is_male=False)


def _log_ins(branches: list[Branch], groups: list[list[Person]], guardians: Mapping[int, Person]) -> None:
    """The first of every group can sign in, and so can the guardian, if there is one."""
    secret = make_password(PASSWORD)
    persons = []
    for branch, group in zip(branches, groups, strict=True):
        child = group[0]
        name = f"{branch.employer.slug}-{branch.cohort.starts_on.year}"
        persons.append((child, f"student.{name}@{DOMAIN}"))
        guardian = guardians.get(child.pk)
        if guardian and guardian.user_id is None and not any(guardian is known for known, _email in persons[-60:]):
            persons.append((guardian, f"guardian.{name}@{DOMAIN}"))
    users = insert(User(email=email, full_name=person.full_name, password=secret) for person, email in persons)
    for (person, _email), user in zip(persons, users, strict=True):
        person.user = user
    Person.objects.bulk_update([person for person, _email in persons], ["user"], batch_size=500)


def _consents(people: list[Person], guardians: Mapping[int, Person], today: date) -> None:
    texts = {purpose: ConsentText.objects.in_force(purpose, today).first() for purpose in PURPOSES}
    insert(
        Consent(
            person=person,
            purpose=purpose,
            text=text,
            given_by=guardians.get(person.pk, person),
            given_at=noon(min(today, date(person.born_on.year + 16, 3, 1))),
        )
        for person in people
        for purpose, text in texts.items()
    )


def _affiliations(branch: Branch, group: list[Person]) -> Iterator[Affiliation]:
    """Everybody is a pupil of a school and an applicant of the college; studying ones are added by the thread."""
    since = branch.campaign.opens_on
    for person in group:
        yield Affiliation(
            person=person,
            organisation=person.school,
            kind=AffiliationKind.PUPIL,
            started_on=since - timedelta(days=500),
            ended_on=None if branch.cohort.is_applying else branch.cohort.starts_on,
        )
        yield Affiliation(
            person=person, organisation=branch.partners.college, kind=AffiliationKind.APPLICANT, started_on=since
        )
