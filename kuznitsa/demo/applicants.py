"""A spreadsheet of invented applicants, the same for the same arguments."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from kuznitsa.admissions.queries.sheets import columns
from kuznitsa.base.spreadsheets import write_csv, write_table

# Names of a fairy tale rather than of a town: nobody is called so.
FAMILIES = (
    *("Молотков", "Наковальнев", "Горнов", "Искрин", "Слитков", "Сплавов", "Тигельцев", "Ковшов", "Чугунов"),
    *("Лотков", "Прокатов", "Клещин", "Шлаков", "Огневик", "Кузнечиков", "Стальнов", "Медяков", "Оловянников"),
    *("Электродов", "Катодов", "Анодин", "Криолитов"),
)
BOYS = ["Матвей", "Егор", "Тимофей", "Лев", "Глеб", "Арсений", "Богдан", "Савелий", "Макар", "Демид", "Родион"]
GIRLS = ["Варвара", "Полина", "Злата", "Агата", "Василиса", "Есения", "Ульяна", "Таисия", "Мирослава"]
FATHERS = {
    "Пётр": ("Петрович", "Петровна"),
    "Игорь": ("Игоревич", "Игоревна"),
    "Олег": ("Олегович", "Олеговна"),
    "Роман": ("Романович", "Романовна"),
    "Антон": ("Антонович", "Антоновна"),
}
MOTHERS = ["Марина", "Ольга", "Светлана", "Ирина", "Елена", "Наталья"]
YOUNGEST_DAYS, OLDEST_DAYS = 15 * 365 + 30, 17 * 365 + 300


def applicants_file(
    offers: Sequence[str], *, today: date, choices: int = 5, count: int = 41, seed: int = 1, form: str = "xlsx"
) -> bytes:
    """Return `count` applicants who all name the first of `offers` (numbers of offers), most of them first.

    `form` is "xlsx" or "csv"; `choices` is the limit of the campaign. The file passes its import.
    """
    dice = random.Random(seed)
    known = columns(choices)
    names = [column.name for column in known]
    rows = [[values.get(name) for name in names] for values in _applicants(dice, offers, today, choices, count)]
    return write_csv(known, rows) if form == "csv" else write_table(known, rows)


def _applicants(
    dice: random.Random, offers: Sequence[str], today: date, choices: int, count: int
) -> list[dict[str, Any]]:
    people: list[dict[str, Any]] = []
    taken: set[tuple[str, str]] = set()
    while len(people) < count:
        person = _applicant(dice, offers, today, choices)
        key = (person["family_name"], person["given_name"])
        if key not in taken:
            taken.add(key)
            people.append(person)
    return people


def _applicant(dice: random.Random, offers: Sequence[str], today: date, choices: int) -> dict[str, Any]:
    girl = dice.random() < 0.35
    father = dice.choice(list(FATHERS))
    family = dice.choice(FAMILIES)
    # The mark of most lies around four; few have nothing but fives.
    mark = min(500, max(310, round(dice.gauss(405, 45))))
    guardian_is_father = dice.random() < 0.25
    return {
        "family_name": _for_woman(family) if girl else family,
        "given_name": dice.choice(GIRLS if girl else BOYS),
        "patronymic": FATHERS[father][girl],
        "born_on": today - timedelta(days=dice.randint(YOUNGEST_DAYS, OLDEST_DAYS)),
        "phone": f"+7 900 000-{dice.randint(0, 99):02}-{dice.randint(0, 99):02}",
        "average_mark": mark,
        "achievement_points": dice.choice((5, 10, 15, 20)) if dice.random() < 0.2 else None,
        "medical": True,
        "guardian_family_name": family if guardian_is_father else _for_woman(family),
        "guardian_given_name": father if guardian_is_father else dice.choice(MOTHERS),
        "guardian_patronymic": dice.choice(list(FATHERS.values()))[not guardian_is_father],
        "guardian_phone": f"+7 900 000-{dice.randint(0, 99):02}-{dice.randint(0, 99):02}",
        "consent_on": today,
        **{f"choice_{rank}": number for rank, number in enumerate(_ranked(dice, offers, choices), start=1)},
    }


def _for_woman(family: str) -> str:
    return f"{family}а" if family.endswith(("ов", "ев", "ин")) else family


def _ranked(dice: random.Random, offers: Sequence[str], choices: int) -> list[str]:
    """The first offer and some of the others; the first is the dearest for most."""
    others = dice.sample(list(offers[1:]), k=dice.randint(0, min(choices, len(offers)) - 1))
    dearest_first = dice.random() < 0.8
    return [offers[0], *others] if dearest_first else [*others, offers[0]]
