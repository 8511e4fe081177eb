"""Who takes part: organisations as the sources name them, and people who do not exist."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile

from kuznitsa.accounts.actions import create_account
from kuznitsa.accounts.models import User
from kuznitsa.classifiers.models import Region
from kuznitsa.organisations.actions import add_signatory, add_site, create_organisation, give_role
from kuznitsa.organisations.enums import AuthorityKind, OrganisationKind, Role
from kuznitsa.organisations.models import Organisation

PASSWORD = "kuznitsa-demo"
DOMAIN = "demo.example"
APPOINTMENT = b"%PDF-1.4\n% an order of appointment\n%%EOF\n"


@dataclass(frozen=True)
class Member:
    """Somebody of office: a role, the local part of the address, an invented name."""

    role: Role
    address: str
    name: str


@dataclass(frozen=True)
class Entry:
    """An organisation of the demonstration. The director, if there is one, signs for it."""

    key: str
    kind: OrganisationKind
    region: str
    town: str
    name: str
    short_name: str
    name_en: str
    short_name_en: str
    members: tuple[Member, ...] = ()
    sites: tuple[str, ...] = ()


PLANT, COLLEGE, SCHOOL = OrganisationKind.EMPLOYER, OrganisationKind.COLLEGE, OrganisationKind.SCHOOL
UNIVERSITY, ASSOCIATION = OrganisationKind.UNIVERSITY, OrganisationKind.ASSOCIATION

NOVOKUZNETSK = (
    Entry(
        "rusal",
        PLANT,
        "42",
        "Новокузнецк",
        "Акционерное общество «РУСАЛ Новокузнецк»",
        "РУСАЛ Новокузнецк",
        "RUSAL Novokuznetsk, joint-stock company",
        "RUSAL Novokuznetsk",
        (
            Member(Role.DIRECTOR, "plant.director", "Образцов Илья Петрович"),
            Member(Role.EMPLOYER_HR, "hr", "Примерова Анна Сергеевна"),
            Member(Role.MENTOR, "mentor", "Наставников Олег Игоревич"),
        ),
        ("Электролизный цех № 1", "Энергоцех"),
    ),
    Entry(
        "bardin",
        COLLEGE,
        "42",
        "Новокузнецк",
        "Кузнецкий металлургический техникум имени И. П. Бардина",
        "Техникум имени Бардина",
        "Kuznetsk Metallurgical Technical School named after I. P. Bardin",
        "Bardin Technical School",
        (
            Member(Role.DIRECTOR, "director", "Учебникова Вера Павловна"),
            Member(Role.COORDINATOR, "coordinator", "Нитева Мария Олеговна"),
            Member(Role.ADMISSIONS, "admissions", "Приёмова Ольга Антоновна"),
            Member(Role.PRACTICE_LEAD, "practice", "Практикин Роман Андреевич"),
            Member(Role.CURATOR, "curator", "Групповая Елена Ильинична"),
            Member(Role.EXPERT, "expert", "Экзаменов Антон Юрьевич"),
            Member(Role.ADMINISTRATOR, "administrator", "Порядкова Нина Львовна"),
            Member(Role.AUDITOR, "auditor", "Проверкин Лев Борисович"),
        ),
        ("Учебный корпус",),
    ),
    Entry(
        "sibgiu",
        UNIVERSITY,
        "42",
        "Новокузнецк",
        "Сибирский государственный индустриальный университет",
        "СибГИУ",
        "Siberian State Industrial University",
        "SibSIU",
        (Member(Role.DIRECTOR, "university", "Кафедрин Павел Николаевич"),),
    ),
    Entry(
        "gymnasium-10",
        SCHOOL,
        "42",
        "Новокузнецк",
        "Гимназия № 10, Новокузнецк",
        "Гимназия № 10",
        "Gymnasium No. 10, Novokuznetsk",
        "Gymnasium No. 10",
        (Member(Role.CAREERS_LEAD, "school", "Классная Дарья Викторовна"),),
    ),
    Entry(
        "school-60",
        SCHOOL,
        "42",
        "Новокузнецк",
        "Школа № 60, Новокузнецк",
        "Школа № 60",
        "School No. 60, Novokuznetsk",
        "School No. 60",
    ),
    Entry(
        "school-61",
        SCHOOL,
        "42",
        "Новокузнецк",
        "Школа № 61, Новокузнецк",
        "Школа № 61",
        "School No. 61, Novokuznetsk",
        "School No. 61",
    ),
    Entry(
        "ministry",
        OrganisationKind.AUTHORITY,
        "42",
        "Кемерово",
        "Министерство образования Кузбасса",
        "Минобр Кузбасса",
        "Ministry of Education of Kuzbass",
        "Education Ministry of Kuzbass",
        (Member(Role.REGIONAL_COORDINATOR, "region", "Областнова Ирина Глебовна"),),
    ),
    Entry(
        "operator",
        OrganisationKind.NETWORK,
        "77",
        "Москва",
        "Федеральный оператор сети кластеров",
        "Федеральный оператор",
        "Federal operator of the network of clusters",
        "Federal operator",
        (Member(Role.FEDERAL_OPERATOR, "federal", "Сетевой Глеб Романович"),),
    ),
)
ELSEWHERE = (
    Entry(
        "smk",
        PLANT,
        "50",
        "Ступино",
        "Ступинская металлургическая компания",
        "СМК",
        "Stupino Metallurgical Company",
        "SMK",
        (Member(Role.DIRECTOR, "smk", "Прокатов Фёдор Ильич"),),
    ),
    Entry(
        "smpp",
        PLANT,
        "50",
        "Ступино",
        "Ступинское машиностроительное производственное предприятие",
        "СМПП",
        "Stupino Machine-Building Production Enterprise",
        "SMPP",
        (Member(Role.DIRECTOR, "smpp", "Станков Денис Олегович"),),
    ),
    Entry(
        "tumanov",
        COLLEGE,
        "50",
        "Ступино",
        "Ступинский техникум имени А. Т. Туманова",
        "Ступинский техникум",
        "Stupino Technical School named after A. T. Tumanov",
        "Stupino Technical School",
        (
            Member(Role.DIRECTOR, "stupino.director", "Мастеров Виктор Андреевич"),
            Member(Role.COORDINATOR, "stupino", "Связкина Юлия Романовна"),
        ),
    ),
    Entry(
        "ruspolymet",
        PLANT,
        "52",
        "Кулебаки",
        "Публичное акционерное общество «Русполимет»",
        "Русполимет",
        "Ruspolymet, public joint-stock company",
        "Ruspolymet",
    ),
    Entry(
        "kmk",
        COLLEGE,
        "52",
        "Кулебаки",
        "Кулебакский металлургический колледж",
        "Кулебакский колледж",
        "Kulebaki Metallurgical College",
        "Kulebaki College",
        (Member(Role.COORDINATOR, "kulebaki", "Кубикова Светлана Ивановна"),),
    ),
    Entry(
        "kulebaki-school-1",
        SCHOOL,
        "52",
        "Кулебаки",
        "Школа № 1, Кулебаки",
        "Школа № 1, Кулебаки",
        "School No. 1, Kulebaki",
        "School No. 1, Kulebaki",
    ),
    Entry(
        "gus-glass",
        COLLEGE,
        "33",
        "Гусь-Хрустальный",
        "Гусевский стекольный колледж имени Г. Ф. Чехлова",
        "Гусевский стекольный колледж",
        "Gus Glass College named after G. F. Chekhlov",
        "Gus Glass College",
        (Member(Role.COORDINATOR, "gus", "Хрусталева Алла Егоровна"),),
    ),
    Entry(
        "steklosoyuz",
        ASSOCIATION,
        "33",
        "Москва",
        "Ассоциация «СтеклоСоюз» России",
        "СтеклоСоюз",
        "Association StekloSoyuz of Russia",
        "StekloSoyuz",
    ),
)
EVERYBODY = (*NOVOKUZNETSK, *ELSEWHERE)
POSTS = {PLANT: "управляющий директор", COLLEGE: "директор", UNIVERSITY: "ректор"}
ADMINISTRATOR = Member(Role.ADMINISTRATOR, "admin", "Главный Администратор")


@dataclass
class Cast:
    """Organisations by key, users by the local part of their address."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)


def gather(*, today: date, at: datetime) -> Cast:
    """Bring everybody in, as the administrator of the installation does."""
    cast = Cast()
    admin = cast.users[ADMINISTRATOR.address] = account(ADMINISTRATOR.address, ADMINISTRATOR.name, at=at)
    admin.is_staff = admin.is_superuser = True
    admin.save(update_fields=["is_staff", "is_superuser"])
    for entry in EVERYBODY:
        _bring_in(cast, entry, admin, today, at)
    return cast


def account(address: str, name: str, *, at: datetime) -> User:
    user = create_account(email=f"{address}@{DOMAIN}", full_name=name, by=None, at=at)
    user.password = hashed_password()
    user.save(update_fields=["password"])
    return user


@cache
def hashed_password() -> str:
    """Everybody signs in with the same one: to hash it takes a fifth of a second, and once is enough."""
    return make_password(PASSWORD)


def _bring_in(cast: Cast, entry: Entry, admin: User, today: date, at: datetime) -> None:
    organisation = cast.organisations[entry.key] = create_organisation(
        kind=entry.kind,
        name=entry.name,
        short_name=entry.short_name,
        name_en=entry.name_en,
        short_name_en=entry.short_name_en,
        slug=entry.key,
        region=Region.objects.get(code=entry.region),
        town=entry.town,
        by=admin,
        at=at,
    )
    for site in entry.sites:
        add_site(organisation=organisation, name=site, by=admin, at=at)
    for member in entry.members:
        user = cast.users[member.address] = account(member.address, member.name, at=at)
        give_role(organisation=organisation, user=user, role=member.role, by=admin, at=at)
        if member.role == Role.DIRECTOR:
            add_signatory(
                organisation=organisation,
                full_name=member.name,
                post=POSTS[entry.kind],
                authority_kind=AuthorityKind.CHARTER,
                authority_from=today - timedelta(days=4 * 365),
                user=user,
                scan=ContentFile(APPOINTMENT, name="appointment.pdf"),
                by=admin,
                at=at,
            )
