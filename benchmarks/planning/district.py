"""A generated district: 20 schools whose 60 groups have classes in 40 rooms of a college in three towns."""

import random

from kuznitsa.engines.timetabling.planning.model import (
    Activity,
    Kind,
    Link,
    LinkKind,
    Model,
    Named,
    Resource,
    Room,
)

DAYS = ("Понедельник", "Вторник", "Среда", "Четверг", "Пятница")
PERIODS = ("8:30", "10:15", "12:00", "14:00", "15:45", "17:30")
TOWNS = ("Кулебаки", "Выкса", "Навашино")
# Equipment, how many rooms have it and what share of the classes asks for it.
LABORATORIES = (("computers", 10, 25), ("physics", 4, 9), ("chemistry", 4, 9), ("workshop", 6, 14))


def district(*, seed: int = 1, schools: int = 20, groups: int = 60, rooms: int = 40, classes: int = 8) -> Model:
    """Return a district that can be planned, but not easily: `classes` a week for every group."""
    dice = random.Random(seed)
    town_of_school = [number % len(TOWNS) for number in range(schools)]
    resources, activities, links = [], [], []
    teachers_of: list[list[str]] = [[] for _town in TOWNS]
    count = groups * classes // 11
    for number in range(count):
        away = dice.sample(range(len(DAYS)), 1)[0]
        far = number % 10 == 0
        resources.append(
            Resource(
                id=f"t{number}",
                name=f"Преподаватель {number + 1}",
                kind=Kind.TEACHER,
                unavailable=frozenset(range(away * len(PERIODS), (away + 1) * len(PERIODS))),
                unwanted=frozenset(day * len(PERIODS) + len(PERIODS) - 1 for day in range(len(DAYS))),
                few_days=far,
            )
        )
        teachers_of[number % len(TOWNS)].append(f"t{number}")
    for number in range(groups):
        school = number % schools
        town = town_of_school[school]
        lessons = dice.sample(range(len(DAYS)), 2)
        busy = {day * len(PERIODS) + period for day in lessons for period in range(2)}
        group = f"g{number}"
        resources.append(
            Resource(
                id=group,
                name=f"{9 + number % 2}-{'АБВ'[number // schools % 3]}, школа № {school + 1}",
                kind=Kind.GROUP,
                size=dice.randint(12, 25),
                organisation=f"Школа № {school + 1}",
                unavailable=frozenset(busy),
                most_a_day=4,
            )
        )
        ids = []
        for lesson in range(classes):
            # One class in ten is given by a teacher of another town, who travels.
            home = town if dice.random() < 0.9 else dice.randrange(len(TOWNS))
            kinds = [name for name, _rooms, share in LABORATORIES if dice.randrange(100) < share]
            ids.append(f"{group}-{lesson}")
            activities.append(
                Activity(
                    id=ids[-1],
                    name=f"Занятие {lesson + 1}",
                    who=(group, dice.choice(teachers_of[home])),
                    duration=2 if lesson == 0 else 1,
                    size=resources[-1].size,
                    equipment=frozenset(kinds[:1]),
                    rooms=frozenset(f"r{room}" for room in range(rooms) if room % len(TOWNS) == town),
                    preferred_slots=frozenset(range(0, len(DAYS) * len(PERIODS), 2)) if lesson == 1 else None,
                )
            )
        links.append(Link(f"{group}-spread", LinkKind.SPREAD, tuple(ids[:3])))
        links.append(Link(f"{group}-order", LinkKind.ORDER, (ids[3], ids[4])))
        links.append(Link(f"{group}-room", LinkKind.SAME_ROOM, tuple(ids[5:7]), weight=2))
    return Model(
        name="Район",
        days=tuple(Named(f"d{number}", name) for number, name in enumerate(DAYS)),
        periods=tuple(Named(f"p{number}", name) for number, name in enumerate(PERIODS)),
        sites=tuple(Named(f"s{number}", name) for number, name in enumerate(TOWNS)),
        travel={(f"s{a}", f"s{b}"): 1 for a in range(len(TOWNS)) for b in range(len(TOWNS)) if a != b},
        rooms=_rooms(rooms),
        resources=tuple(resources),
        activities=tuple(activities),
        links=tuple(links),
    )


def _rooms(rooms: int) -> tuple[Room, ...]:
    """Return rooms spread over the towns, laboratories among them in every town."""
    equipment = [name for name, count, _share in LABORATORIES for _room in range(count)]
    return tuple(
        Room(
            id=f"r{number}",
            name=f"Кабинет {number + 1}",
            places=25 if number < len(equipment) else 30,
            site=f"s{number % len(TOWNS)}",
            equipment=frozenset(equipment[number : number + 1]),
        )
        for number in range(rooms)
    )
