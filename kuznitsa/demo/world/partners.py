"""Organisations with their people of office, and the clusters they make up."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice

from django.contrib.auth.hashers import make_password

from kuznitsa.accounts.models import User
from kuznitsa.classifiers.models import Industry, Occupation, Region
from kuznitsa.clusters.enums import ClusterStage, Part
from kuznitsa.clusters.models import Cluster, Participation
from kuznitsa.demo.world.loading import insert
from kuznitsa.demo.world.names import draw_name
from kuznitsa.demo.world.plan import EMPLOYERS, SCHOOLS, Plan, noon
from kuznitsa.organisations.enums import AuthorityKind, OrganisationKind, Role
from kuznitsa.organisations.models import Membership, Organisation, Signatory, Site

# Those of the first cluster can sign in; the others only fill the rows.
PASSWORD = "kuznitsa-world"
DOMAIN = "world.example"

ROLES = {
    OrganisationKind.COLLEGE: (
        *(Role.ADMINISTRATOR, Role.DIRECTOR, Role.COORDINATOR, Role.ADMISSIONS),
        *(Role.PRACTICE_LEAD, Role.CURATOR, Role.EXPERT, Role.AUDITOR),
    ),
    OrganisationKind.EMPLOYER: (Role.DIRECTOR, Role.EMPLOYER_HR, Role.MENTOR),
    OrganisationKind.SCHOOL: (Role.CAREERS_LEAD,),
    OrganisationKind.AUTHORITY: (Role.REGIONAL_COORDINATOR,),
    OrganisationKind.NETWORK: (Role.FEDERAL_OPERATOR,),
}


@dataclass(frozen=True)
class Partners:
    """One cluster with its organisations; `occupations` are those that its employers need, one each."""

    cluster: Cluster
    college: Organisation
    employers: list[Organisation]
    schools: list[Organisation]
    occupations: list[Occupation]
    users: dict[tuple[int, Role], User]
    sites: dict[int, Site]
    signatories: dict[int, Signatory]

    def user(self, organisation: Organisation, role: Role) -> User:
        return self.users[organisation.pk, role]


def build_partners(plan: Plan) -> list[Partners]:
    """Write organisations, users and clusters; return one bundle a cluster."""
    clusters = _clusters(plan)
    colleges = _organisations(OrganisationKind.COLLEGE, "Колледж", "College", clusters, 1)
    employers = _organisations(OrganisationKind.EMPLOYER, "Завод", "Plant", clusters, EMPLOYERS)
    schools = _organisations(OrganisationKind.SCHOOL, "Школа", "School", clusters, SCHOOLS)
    users = _users([*colleges, *employers, *schools, *_above(clusters)], plan)
    sites = {site.organisation_id: site for site in insert(Site(organisation=org, name="Цех 1") for org in employers)}
    signatories = _signatories([*colleges, *employers], users, plan)
    occupations = cycle(Occupation.objects.valid_on(plan.today).order_by("code"))
    found = [
        Partners(
            cluster=cluster,
            college=colleges[number],
            employers=employers[number * EMPLOYERS : (number + 1) * EMPLOYERS],
            schools=schools[number * SCHOOLS : (number + 1) * SCHOOLS],
            occupations=list(islice(occupations, EMPLOYERS)),
            users=users,
            sites=sites,
            signatories=signatories,
        )
        for number, cluster in enumerate(clusters)
    ]
    insert(row for partners in found for row in _participations(partners))
    return found


def _clusters(plan: Plan) -> list[Cluster]:
    regions = cycle(Region.objects.order_by("code"))
    industries = cycle(Industry.objects.order_by("code"))
    return insert(
        Cluster(
            name=f"Кластер {number:03}, {region.name_ru}",
            name_en=f"Cluster {number:03}, {region.name_en}",
            slug=f"cluster-{number:03}",
            industry=industry,
            region=region,
            state=ClusterStage.OPERATING,
            started_on=plan.today - timedelta(days=365 * 5),
            summary="Колледж, заводы и школы готовят людей для работы рядом с домом.",
            summary_en="A college, plants and schools train people for work close to home.",
        )
        for number, region, industry in zip(range(1, plan.clusters + 1), regions, industries, strict=False)
    )


def _organisations(
    kind: OrganisationKind, name: str, name_en: str, clusters: list[Cluster], each: int
) -> list[Organisation]:
    return insert(
        Organisation(
            kind=kind,
            name=f"{name} № {number:04}",
            short_name=f"{name} {number:04}",
            name_en=f"{name_en} No. {number:04}",
            short_name_en=f"{name_en} {number:04}",
            slug=f"{name_en.lower()}-{number:04}",
            region_id=cluster.region_id,
            town=f"Город {cluster.slug[-3:]}",
        )
        for number, cluster in enumerate((cluster for cluster in clusters for _ in range(each)), 1)
    )


def _above(clusters: list[Cluster]) -> list[Organisation]:
    """The authorities of the regions, and the federal operator."""
    regions = {cluster.region_id: cluster for cluster in clusters}
    operator = Organisation(
        kind=OrganisationKind.NETWORK, name="Федеральный оператор", short_name="Оператор", slug="operator"
    )
    authorities = _organisations(OrganisationKind.AUTHORITY, "Министерство", "Ministry", list(regions.values()), 1)
    return [*authorities, *insert([operator])]


def _users(organisations: list[Organisation], plan: Plan) -> dict[tuple[int, Role], User]:
    """One user a role and organisation; addresses read like `employer_hr.plant-0001@world.example`."""
    known, unknown = make_password(PASSWORD), make_password(None)
    offices = [(org, role) for org in organisations for role in ROLES[OrganisationKind(org.kind)]]
    users = insert(
        User(
            email=f"{role.value}.{org.slug}@{DOMAIN}",
            full_name=" ".join(draw_name(plan.chance, is_male=plan.chance.random() < 0.5)),
            password=known if org.slug.endswith(("0001", "operator")) else unknown,
        )
        for org, role in offices
    )
    since = noon(plan.today - timedelta(days=365 * 5))
    insert(
        Membership(organisation=org, user=user, role=role, started_at=since)
        for (org, role), user in zip(offices, users, strict=True)
    )
    return {(org.pk, role): user for (org, role), user in zip(offices, users, strict=True)}


def _signatories(
    organisations: list[Organisation], users: dict[tuple[int, Role], User], plan: Plan
) -> dict[int, Signatory]:
    rows = insert(
        Signatory(
            organisation=org,
            user=users[org.pk, Role.DIRECTOR],
            full_name=users[org.pk, Role.DIRECTOR].full_name,
            post="директор",
            authority_kind=AuthorityKind.CHARTER,
            authority_from=plan.today - timedelta(days=365 * 5),
            confirmed_at=noon(plan.today - timedelta(days=365 * 5)),
        )
        for org in organisations
    )
    return {row.organisation_id: row for row in rows}


def _participations(partners: Partners) -> list[Participation]:
    parts = [(partners.college, Part.BASE_COLLEGE), (partners.employers[0], Part.ANCHOR_EMPLOYER)]
    parts += [(org, Part.EMPLOYER) for org in partners.employers[1:]]
    parts += [(org, Part.SCHOOL) for org in partners.schools]
    return [
        Participation(cluster=partners.cluster, organisation=org, part=part, started_on=partners.cluster.started_on)
        for org, part in parts
    ]
