"""The agreements of the demonstration, from the texts of two real ones.

The sources say what is promised and in part how many: 25 future specialists and three laboratories (physical,
chemical, of electrolysis) in Novokuznetsk; personal scholarships, guarantees of practice and employment, excursions
to the assembly shops in Stupino. Every other number, the sums and the days are assumptions of the demonstration.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from kuznitsa.agreements import actions
from kuznitsa.agreements.actions import Promise
from kuznitsa.agreements.enums import AgreementKind, ObligationKind
from kuznitsa.agreements.models import Agreement
from kuznitsa.classifiers.models import Occupation
from kuznitsa.clusters.models import Cluster
from kuznitsa.facts.models import Thread
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import signatories_on

Terms = tuple[ObligationKind, int, int, str]

# Kind, how many (money in roubles), in how many years, in the words of the agreement.
ELECTROLYSIS: tuple[Terms, ...] = (
    (ObligationKind.SEATS, 25, 1, "открыть 25 мест целевого обучения по профессии «Электролизник расплавленных солей»"),
    (
        ObligationKind.LABORATORIES,
        3,
        1,
        "оборудовать лаборатории: физическую, химическую, электролизного производства",
    ),
    (ObligationKind.SCHOLARSHIPS, 1_500_000, 2, "выплачивать стипендии учащимся техникума по стипендиальной программе"),
    (ObligationKind.PRACTICE, 25, 2, "обеспечить практику в цехах завода каждому, кто учится по целевому договору"),
    (ObligationKind.EMPLOYMENT, 23, 3, "принять выпускников на работу по полученной профессии"),
)
ELECTROLYSIS_OF_COLLEGE: tuple[Terms, ...] = (
    (
        ObligationKind.TRAINING,
        23,
        3,
        "подготовить электролизников, сдавших квалификационный экзамен",
    ),
)
ELECTROLYSIS_OF_UNIVERSITY: tuple[Terms, ...] = (
    (
        ObligationKind.SCHOLARSHIPS,
        1_000_000,
        2,
        "выплачивать стипендии студентам университета по той же программе",
    ),
)
STUPINO_OF_METALLURGISTS: tuple[Terms, ...] = (
    (ObligationKind.SCHOLARSHIPS, 600_000, 1, "назначить персональные стипендии студентам техникума"),
    (ObligationKind.PRACTICE, 20, 1, "гарантировать производственную практику"),
    (ObligationKind.EMPLOYMENT, 15, 3, "гарантировать трудоустройство на конкретное рабочее место"),
)
STUPINO_OF_MACHINE_BUILDERS: tuple[Terms, ...] = (
    (ObligationKind.PRACTICE, 20, 1, "предоставлять производственную практику"),
    (ObligationKind.VISITS, 6, 1, "проводить экскурсии в сборочные цеха"),
)
STUPINO_OF_COLLEGE: tuple[Terms, ...] = (
    (ObligationKind.TRAINING, 15, 3, "готовить специалистов среднего звена под конкретное производство"),
)


def draw_up_electrolysis(
    *,
    plant: Organisation,
    college: Organisation,
    occupation: Occupation,
    starts_on: date,
    by: Any,
    at: datetime,
    cluster: Cluster | None = None,
    thread: Thread | None = None,
    university: Organisation | None = None,
    number: str = "25-Э",
) -> Agreement:
    """Draw up what the aluminium plant promises the college in Novokuznetsk, and the university, if it is named.

    `thread` is that of the plant's need: then only what happens for this need counts.
    """
    common: dict[str, Any] = {"starts_on": starts_on, "occupation": occupation, "thread": thread}
    promises = [
        *_promises(ELECTROLYSIS, plant, college, **common),
        *_promises(ELECTROLYSIS_OF_COLLEGE, college, plant, **common),
    ]
    if university is not None:
        promises += _promises(ELECTROLYSIS_OF_UNIVERSITY, plant, university, starts_on=starts_on)
    return actions.draw_up(
        number=number,
        title="соглашение о подготовке электролизников расплавленных солей",
        kind=AgreementKind.CLUSTER,
        cluster=cluster,
        subject=(
            "Стороны готовят рабочих по профессии «Электролизник расплавленных солей» для алюминиевого завода"
            " в рамках федерального проекта «Профессионалитет».\n"
            "Завод за свой счёт создаёт условия для обучения и поддерживает учащихся стипендиями."
        ),
        starts_on=starts_on,
        ends_on=_after(starts_on, 4),
        parties=[plant, college, *([university] if university else [])],
        promises=promises,
        by=by,
        at=at,
    )


def draw_up_stupino(
    *,
    metallurgists: Organisation,
    machine_builders: Organisation,
    college: Organisation,
    starts_on: date,
    by: Any,
    at: datetime,
    cluster: Cluster | None = None,
    number: str = "1-С",
) -> Agreement:
    """Draw up the agreement on educational partnership in Stupino: what the head of each plant has promised."""
    promises = []
    plants = {metallurgists: STUPINO_OF_METALLURGISTS, machine_builders: STUPINO_OF_MACHINE_BUILDERS}
    for plant, terms in plants.items():
        promises += _promises(terms, plant, college, starts_on=starts_on)
        promises += _promises(STUPINO_OF_COLLEGE, college, plant, starts_on=starts_on)
    return actions.draw_up(
        number=number,
        title="соглашение об образовательном партнёрстве в области металлургии и машиностроения",
        kind=AgreementKind.PARTNERSHIP,
        cluster=cluster,
        subject=(
            "Развитие научных, производственных, информационных и деловых контактов между ведущими предприятиями"
            " и техникумом.\n"
            "Максимальное приближение подготовки специалистов среднего звена к конкретным производственным площадкам."
        ),
        starts_on=starts_on,
        ends_on=_after(starts_on, 4),
        parties=[*plants, college],
        promises=promises,
        by=by,
        at=at,
    )


def sign_by_all(*, agreement: Agreement, by: Any, at: datetime) -> None:
    """Send a draft for signing and have each party sign in the product, by a signatory in authority that day.

    Raises `LookupError` when a party has no signatory with a user that day.
    """
    actions.send_for_signing(agreement=agreement, by=by, at=at)
    for party in agreement.parties.select_related("agreement", "organisation").order_by("order"):
        signatories = signatories_on(party.organisation, timezone.localdate(at)).exclude(user=None)
        signatory = signatories.select_related("user").first()
        if signatory is None:
            raise LookupError(f"nobody may sign for {party.organisation}")
        actions.sign(party=party, by=signatory.user, at=at)
    agreement.refresh_from_db()


def _promises(
    terms: Sequence[Terms],
    owner: Organisation,
    beneficiary: Organisation,
    *,
    starts_on: date,
    occupation: Occupation | None = None,
    thread: Thread | None = None,
) -> list[Promise]:
    return [
        Promise(
            owner=owner,
            beneficiary=beneficiary,
            kind=kind,
            quantity=quantity,
            due_on=_after(starts_on, years),
            text=text,
            occupation=occupation,
            thread=thread,
        )
        for kind, quantity, years, text in terms
    ]


def _after(day: date, years: int) -> date:
    """Return the last day of so many years that begin on `day`."""
    return day + timedelta(days=round(365.25 * years)) - timedelta(days=1)
