"""One of each thing, and one user of each role, for the matrix of addresses and roles.

Rows are written directly: the world need not have come about by the rules, it only has to be looked at.
The plant, the college, the school and the authority belong together; the stranger's plant does not.
"""

import zlib
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from kuznitsa.accounts.models import SignInLink, User, hash_of
from kuznitsa.admissions import enums as admissions
from kuznitsa.admissions.models import (
    AllocationRun,
    ApplicantImport,
    Application,
    ApplicationDocument,
    Campaign,
    Choice,
    ContractParty,
    PublicRecord,
    QuotaClaim,
    QuotaGroup,
    RunFiles,
    Scenario,
    Seat,
    SupportMeasure,
    SupportPayment,
    TargetContract,
    TargetOffer,
)
from kuznitsa.admissions.queries.contract_terms import hash_of as hash_of_terms
from kuznitsa.admissions.queries.contract_terms import terms_of
from kuznitsa.agreements.enums import AgreementState, ObligationKind
from kuznitsa.agreements.models import Act, Agreement, Obligation, Party
from kuznitsa.classifiers.models import Occupation, Region
from kuznitsa.clusters.enums import ClusterStage, Part
from kuznitsa.clusters.models import Cluster, Participation
from kuznitsa.demand.enums import NeedState
from kuznitsa.demand.models import Need
from kuznitsa.engines import allocation
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact, Thread, ThreadSum
from kuznitsa.organisations.enums import AuthorityKind, OrganisationKind, Role
from kuznitsa.organisations.models import Invitation, Membership, Organisation, Signatory, Site
from kuznitsa.outcomes.models import CheckPoint, Exam, ExamResult, Hire
from kuznitsa.people.enums import AffiliationKind, ConsentPurpose
from kuznitsa.people.models import Affiliation, Consent, ConsentText, Guardianship, Person
from kuznitsa.placements.models import Placement, PracticePlace
from kuznitsa.programmes.models import Enrolment, Facility, Intake, Programme

# The secret of every link by mail in the world.
SECRET = "a-secret-from-a-letter"
# In whose organisation a role is held.
ORGANISATION_OF = {
    Role.ADMINISTRATOR: "plant",
    Role.DIRECTOR: "plant",
    Role.COORDINATOR: "college",
    Role.EMPLOYER_HR: "plant",
    Role.MENTOR: "plant",
    Role.ADMISSIONS: "college",
    Role.PRACTICE_LEAD: "college",
    Role.CURATOR: "college",
    Role.EXPERT: "college",
    Role.CAREERS_LEAD: "school",
    Role.REGIONAL_COORDINATOR: "authority",
    Role.FEDERAL_OPERATOR: "network",
    Role.AUDITOR: "college",
}
# The columns of the matrix: visitor, outsider, roles of members, people on the thread, staff.
VIEWERS = ("anonymous", "stranger", *(role.value for role in ORGANISATION_OF), "student", "guardian", "staff")


def build_world() -> SimpleNamespace:
    """Write the world; attributes are the objects, `viewers` the users by the name of their column."""
    world = SimpleNamespace(now=timezone.now(), today=timezone.localdate())
    _add_organisations(world)
    _add_users(world)
    _add_persons(world)
    _add_promises(world)
    _add_admissions(world)
    _add_contract(world)
    _add_practice_and_work(world)
    return world


def _organisation(kind: OrganisationKind, slug: str, **fields: Any) -> Organisation:
    return Organisation.objects.create(kind=kind, slug=slug, name=f"The {slug}", short_name=slug.capitalize(), **fields)


def _add_organisations(world: SimpleNamespace) -> None:
    world.region, _ = Region.objects.get_or_create(code="42", defaults={"name_ru": "Кузбасс", "name_en": "Kuzbass"})
    kinds = {
        "plant": OrganisationKind.EMPLOYER,
        "college": OrganisationKind.COLLEGE,
        "school": OrganisationKind.SCHOOL,
        "authority": OrganisationKind.AUTHORITY,
    }
    for name, kind in kinds.items():
        setattr(world, name, _organisation(kind, name, region=world.region))
    world.network = _organisation(OrganisationKind.NETWORK, "network")
    world.other_plant = _organisation(OrganisationKind.EMPLOYER, "other-plant")
    world.site = Site.objects.create(organisation=world.plant, name="Shop 1")
    world.cluster = Cluster.objects.create(
        name="Cluster", slug="cluster", region=world.region, state=ClusterStage.OPERATING, started_on=world.today
    )
    for organisation, part in [
        (world.plant, Part.ANCHOR_EMPLOYER),
        (world.college, Part.BASE_COLLEGE),
        (world.school, Part.SCHOOL),
        (world.authority, Part.AUTHORITY),
    ]:
        world.participation = Participation.objects.create(
            cluster=world.cluster, organisation=organisation, part=part, started_on=world.today
        )


def _user(name: str, **fields: Any) -> User:
    return User.objects.create(email=f"{name}@example.org", full_name=name.capitalize(), **fields)


def _add_users(world: SimpleNamespace) -> None:
    world.viewers = {"anonymous": None, "staff": _user("staff", is_staff=True, is_superuser=True)}
    for role, organisation in ORGANISATION_OF.items():
        user = world.viewers[role.value] = _user(role.value)
        world.membership = Membership.objects.create(
            organisation=getattr(world, organisation), user=user, role=role, started_at=world.now
        )
    stranger = world.viewers["stranger"] = _user("stranger")
    for role in (Role.EMPLOYER_HR, Role.DIRECTOR):
        Membership.objects.create(organisation=world.other_plant, user=stranger, role=role, started_at=world.now)
    world.signatory = Signatory.objects.create(
        organisation=world.plant,
        user=world.viewers["director"],
        full_name="Director",
        post="director",
        authority_kind=AuthorityKind.CHARTER,
        authority_from=world.today - timedelta(days=100),
        confirmed_at=world.now,
    )
    world.link = SignInLink.objects.create(
        user=world.viewers["mentor"],
        secret_hash=hash_of(SECRET),
        created_at=world.now,
        expires_at=world.now + timedelta(hours=1),
    )
    world.invitation = Invitation.objects.create(
        organisation=world.plant,
        email="new@example.org",
        role=Role.MENTOR,
        secret_hash=hash_of(SECRET),
        invited_by=world.viewers["administrator"],
        invited_at=world.now - timedelta(days=1),  # a second letter is due: none is sent within a minute of the first
        expires_at=world.now + timedelta(days=7),
    )


def _add_persons(world: SimpleNamespace) -> None:
    world.viewers["student"], world.viewers["guardian"] = _user("student"), _user("guardian")
    world.person = Person.objects.create(
        user=world.viewers["student"],
        family_name="Student",
        given_name="S",
        born_on=date(world.today.year - 16, 1, 1),
        school=world.school,
    )
    world.guardian = Person.objects.create(user=world.viewers["guardian"], family_name="Guardian", given_name="G")
    world.guardianship = Guardianship.objects.create(
        child=world.person,
        guardian=world.guardian,
        started_on=world.today,
        document="paper",
        confirmed_at=world.now,
    )
    for organisation, kind in [
        (world.school, AffiliationKind.PUPIL),
        (world.college, AffiliationKind.STUDENT),
        (world.plant, AffiliationKind.TARGET_STUDENT),
    ]:
        Affiliation.objects.create(person=world.person, organisation=organisation, kind=kind, started_on=world.today)
    world.consent_text = ConsentText.objects.create(
        purpose=ConsentPurpose.IMAGE, version=99, valid_from=world.today, text_ru="текст", text_en="text"
    )
    world.consent = Consent.objects.create(
        person=world.person,
        purpose=ConsentPurpose.IMAGE,
        text=world.consent_text,
        given_by=world.guardian,
        given_at=world.now,
    )


def _add_promises(world: SimpleNamespace) -> None:
    world.occupation = Occupation.objects.create(code="99.01.01", name_ru="Печник", name_en="Furnaceman", level="01")
    common = {"cluster": world.cluster, "employer": world.plant, "occupation": world.occupation, "year": 2030}
    world.need_thread = Thread.objects.create(title="Need", **common)
    world.thread = Thread.objects.create(title="Offer", parent=world.need_thread, college=world.college, **common)
    world.need = Need.objects.create(
        **common, site=world.site, growth=25, state=NeedState.STATED, stated_at=world.now, thread=world.need_thread
    )
    world.agreement = Agreement.objects.create(
        text_hash="0" * 64,
        number="1",
        title="Agreement",
        subject="seats",
        cluster=world.cluster,
        starts_on=world.today,
        ends_on=world.today + timedelta(days=1000),
        in_force_on=world.today,
        state=AgreementState.IN_FORCE,
        created_by=world.viewers["coordinator"],
    )
    for order, organisation in enumerate([world.plant, world.college]):
        world.party = Party.objects.create(agreement=world.agreement, organisation=organisation, order=order)
    world.obligation = Obligation.objects.create(
        agreement=world.agreement,
        owner=world.plant,
        beneficiary=world.college,
        kind=ObligationKind.VISITS,
        quantity=5,
        due_on=world.today + timedelta(days=300),
    )
    world.act = Act.objects.create(
        obligation=world.obligation,
        on=world.today,
        quantity=1,
        description="a visit",
        scan=_file("act.pdf"),
        submitted_by=world.viewers["employer_hr"],
        submitted_at=world.now,
    )
    world.programme = Programme.objects.create(
        college=world.college, cluster=world.cluster, occupation=world.occupation, months=22
    )
    world.intake = Intake.objects.create(
        programme=world.programme,
        starts_on=world.today,
        ends_on=world.today + timedelta(days=660),
        places=25,
        group_name="E-1",
    )
    world.facility = Facility.objects.create(
        organisation=world.college, name="Laboratory", sponsor=world.plant, cluster=world.cluster
    )


def _file(name: str) -> ContentFile:
    return ContentFile(b"%PDF-1.4", name=name)


def _add_admissions(world: SimpleNamespace) -> None:
    world.campaign = Campaign.objects.create(
        name="Campaign",
        college=world.college,
        cluster=world.cluster,
        opens_on=world.today,
        closes_on=world.today + timedelta(days=20),
        publishes_on=world.today + timedelta(days=25),
        draw_source="lottery",
        state=admissions.CampaignState.OPEN,
    )
    world.offer = TargetOffer.objects.create(
        number="1",
        employer=world.plant,
        intake=world.intake,
        campaign=world.campaign,
        need=world.need,
        agreement=world.agreement,
        seats=25,
        position="furnaceman",
        state=admissions.OfferState.PUBLISHED,
        published_at=world.now,
        thread=world.thread,
    )
    world.draft_offer = TargetOffer.objects.create(
        number="2", employer=world.plant, intake=world.intake, seats=5, position="electrician"
    )
    world.support = SupportMeasure.objects.create(
        offer=world.offer, kind=admissions.SupportKind.STIPEND, amount_kopecks=500_000
    )
    world.imported = ApplicantImport.objects.create(
        campaign=world.campaign,
        file=_file("applicants.xlsx"),
        file_name="applicants.xlsx",
        uploaded_by=world.viewers["admissions"],
        uploaded_at=world.now,
    )
    world.application = Application.objects.create(
        campaign=world.campaign,
        person=world.person,
        average_mark_hundredths=450,
        state=admissions.ApplicationState.SUBMITTED,
        submitted_at=world.now,
        receipt_number="R-1",
        receipt_hash="0" * 64,
    )
    world.choice = Choice.objects.create(application=world.application, offer=world.offer, rank=1)
    world.document = ApplicationDocument.objects.create(
        application=world.application,
        kind=admissions.DocumentKind.values[0],
        file=_file("certificate.pdf"),
        added_at=world.now,
    )
    world.run = AllocationRun.objects.create(
        campaign=world.campaign,
        number=1,
        seed="1",
        instance_hash="0" * 64,
        code_version="1",
        created_by=world.viewers["admissions"],
        created_at=world.now,
    )
    _add_files(world.run)
    group = QuotaGroup.objects.create(campaign=world.campaign, name="district", who="pupils", paper="certificate")
    world.claim = QuotaClaim.objects.create(application=world.application, group=group, stated_at=world.now)
    world.scenario = Scenario.objects.create(
        campaign=world.campaign, name="Five more", changes={}, created_at=world.now
    )
    _add_record(world)
    world.seat = Seat.objects.create(
        application=world.application,
        offer=world.offer,
        run=world.run,
        rank=1,
        given_at=world.now,
        answer_by=world.today + timedelta(days=5),
    )


def _add_record(world: SimpleNamespace) -> None:
    """The record of a campaign that is over."""
    past = Campaign.objects.create(
        name="Past campaign",
        college=world.college,
        opens_on=world.today - timedelta(days=60),
        closes_on=world.today - timedelta(days=30),
        publishes_on=world.today - timedelta(days=20),
        draw_source="lottery",
        state=admissions.CampaignState.COMPLETED,
    )
    world.published_run = AllocationRun.objects.create(
        campaign=past,
        number=1,
        seed="1",
        instance_hash="0" * 64,
        code_version="1",
        state=admissions.RunState.PUBLISHED,
        created_at=world.now,
        approved_by=world.viewers["admissions"],
        approved_at=world.now,
        published_by=world.viewers["coordinator"],
        published_at=world.now,
    )
    _add_files(world.published_run)
    instance = allocation.Instance("1", (), ())
    archive = allocation.write_record(instance, allocation.allocate(instance), {"seed_source": "lottery"})
    manifest = allocation.read_record(archive).manifest
    PublicRecord.objects.create(run=world.published_run, archive=archive, sha256="0" * 64, manifest=manifest)


def _add_files(run: AllocationRun) -> None:
    """What a run with nobody in it has calculated."""
    instance = allocation.Instance("1", (), ())
    result = allocation.write_result(allocation.allocate(instance), seed="1", input_sha256="0" * 64)
    given = zlib.compress(allocation.write_instance(instance))
    RunFiles.objects.create(run=run, applicants=0, instance=given, result=zlib.compress(result))


def _add_contract(world: SimpleNamespace) -> None:
    world.enrolment = Enrolment.objects.create(person=world.person, intake=world.intake, enrolled_on=world.today)
    terms = terms_of(
        world.offer,
        person=world.person,
        guardian=world.guardian,
        college=world.college,
        employing=None,
        number="T-1",
        on=world.today,
    )
    world.contract = TargetContract.objects.create(
        number="T-1",
        terms=terms,
        person=world.person,
        offer=world.offer,
        seat=world.seat,
        enrolment=world.enrolment,
        drawn_up_on=world.today,
        regulation=terms["regulation"]["number"],
        terms_hash=hash_of_terms(terms),
        service_months=36,
        state=admissions.ContractState.ACTIVE,
        signed_on=world.today,
    )
    parties = [
        (admissions.ContractRole.CUSTOMER, {"organisation": world.plant}),
        (admissions.ContractRole.COLLEGE, {"organisation": world.college}),
        (admissions.ContractRole.CITIZEN, {"person": world.person}),
        (admissions.ContractRole.GUARDIAN, {"person": world.guardian}),
    ]
    for role, who in parties:
        world.contract_party = ContractParty.objects.create(contract=world.contract, role=role, **who)
    world.payment = SupportPayment.objects.create(
        contract=world.contract,
        measure=world.support,
        paid_on=world.today,
        amount_kopecks=500_000,
        document="order 1",
    )


def _add_practice_and_work(world: SimpleNamespace) -> None:
    term = {"starts_on": world.today, "ends_on": world.today + timedelta(days=30)}
    world.place = PracticePlace.objects.create(
        host=world.plant,
        cluster=world.cluster,
        intake=world.intake,
        title="furnace",
        seats=10,
        mentor=world.viewers["mentor"],
        **term,
    )
    world.placement = Placement.objects.create(
        place=world.place,
        person=world.person,
        mentor=world.viewers["mentor"],
        contract=world.contract,
        thread=world.thread,
        **term,
    )
    world.exam = Exam.objects.create(intake=world.intake, on=world.today)
    world.result = ExamResult.objects.create(
        exam=world.exam,
        person=world.person,
        contract=world.contract,
        points_hundredths=8000,
        mark=4,
        recorded_at=world.now,
    )
    world.hire = Hire.objects.create(
        person=world.person,
        employer=world.plant,
        college=world.college,
        contract=world.contract,
        thread=world.thread,
        position="furnaceman",
        hired_on=world.today,
    )
    world.check_point = CheckPoint.objects.create(hire=world.hire, months=3, due_on=world.today)
    world.fact = _fact(world, FactKind.HIRED, world.hire)


def _fact(world: SimpleNamespace, kind: FactKind, source: Any) -> Fact:
    ThreadSum.objects.create(thread=world.thread, kind=kind, quantity=1)
    return Fact.objects.create(
        kind=kind,
        on=world.today,
        quantity=1,
        organisation=world.plant,
        counterpart=world.college,
        cluster=world.cluster,
        person=world.person,
        thread=world.thread,
        source=source,
        recorded_at=world.now,
    )
