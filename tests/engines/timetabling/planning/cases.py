"""The four clusters of the product's founding documents as models: what their organisers would write down."""

import json
from typing import Any

from kuznitsa.engines.timetabling.planning import Model, read_model

Document = dict[str, Any]
WEEK = [("mon", "Понедельник"), ("tue", "Вторник"), ("wed", "Среда"), ("thu", "Четверг"), ("fri", "Пятница")]


def model_of(document: Document) -> Model:
    return read_model(json.dumps(document).encode())


def entry(document: Document, part: str, id_: str) -> Document:
    """The entry of a document to be changed by a test."""
    return next(one for one in document[part] if one["id"] == id_)


def named(pairs: list[tuple[str, str]]) -> list[Document]:
    return [{"id": id_, "name": name} for id_, name in pairs]


def kulebaki() -> Document:
    """Weekly classes of ninth-graders of all schools of a district at a college, and visits to the plant."""
    schools = [1, 2, 3, 5, 6, 7, 8, 10]
    teachers = {
        "it1": ("Орлова Т. Н.", {}),
        "it2": ("Седов П. И.", {}),
        "hse": ("Белова К. А. (ВШЭ)", {"unavailable": ["mon", "tue", "wed"], "few_days": True}),
        "tech": ("Громов А. С.", {"unavailable": ["mon/1", "wed/1"]}),
    }
    resources: list[Document] = [
        {"id": id_, "name": name, "kind": "teacher", **more} for id_, (name, more) in teachers.items()
    ]
    resources += [
        {"id": "guide", "name": "Экскурсовод", "kind": "guide", "unavailable": ["*/3"]},
        {"id": "bus", "name": "Автобус", "kind": "vehicle"},
    ]
    activities: list[Document] = []
    links: list[Document] = []
    for number, school in enumerate(schools):
        group = f"g{school}"
        resources.append(
            {
                "id": group,
                "name": f"9 кл. шк. {school}",
                "kind": "group",
                "size": 14 + number % 3 * 2,
                "organisation": f"Школа № {school}",
                "unavailable": [f"{WEEK[number % 5][0]}/1", WEEK[(number + 1) % 3][0]],
                "most_a_day": 2,
            }
        )
        own = [
            {"id": f"code{school}", "name": "Программирование", "who": [group, f"it{1 + number % 2}"],
             "equipment": ["компьютеры"], "kind": "class", "preferred_slots": ["*/1", "*/2"]},
            {"id": f"project{school}", "name": "Проектная мастерская", "who": [group, f"it{1 + number % 2}"],
             "equipment": ["компьютеры"], "kind": "project"},
            {"id": f"tech{school}", "name": "Технология металлов", "who": [group, "tech"], "equipment": ["станки"],
             "kind": "class"},
        ]  # fmt: skip
        activities += own
        links.append({"id": f"days{school}", "kind": "spread", "activities": [one["id"] for one in own]})
        links.append({"id": f"order{school}", "kind": "order", "activities": [own[0]["id"], own[1]["id"]]})
        links.append({"id": f"room{school}", "kind": "same_room", "weight": 1,
                      "activities": [own[0]["id"], own[1]["id"]]})  # fmt: skip
    for number in range(0, 8, 2):
        pair = [f"g{schools[number]}", f"g{schools[number + 1]}"]
        activities.append({"id": f"master{number}", "name": "Мастер-класс ВШЭ", "who": [*pair, "hse"],
                           "kind": "master class", "rooms": ["hall"]})  # fmt: skip
    for number in range(4):
        activities.append(
            {"id": f"visit{number}", "name": "Экскурсия на «Русполимет»",
             "who": [f"g{schools[number * 2]}", "guide", "bus"], "kind": "excursion", "duration": 2, "site": "plant"}
        )  # fmt: skip
    return {
        "format": "timetable-plan/1",
        "name": "Неделя кластера в Кулебаках",
        "days": named(WEEK),
        "periods": named([("1", "13:30"), ("2", "15:10"), ("3", "16:50")]),
        "sites": named([("college", "Металлургический колледж"), ("plant", "Завод «Русполимет»")]),
        "travel": [{"from": "college", "to": "plant", "slots": 1}],
        "rooms": [
            {"id": "pc1", "name": "Компьютерный класс 1", "places": 20, "site": "college", "equipment": ["компьютеры"]},
            {"id": "pc2", "name": "Компьютерный класс 2", "places": 16, "site": "college", "equipment": ["компьютеры"],
             "unavailable": ["wed/3"]},
            {"id": "shop", "name": "Учебный цех", "places": 20, "site": "college", "equipment": ["станки"]},
            {"id": "hall", "name": "Актовый зал", "places": 80, "site": "college"},
        ],
        "resources": resources,
        "activities": activities,
        "links": links,
        "weights": {"gaps": 2, "journeys": 1, "days": 5},
    }  # fmt: skip


def novokuznetsk() -> Document:
    """Three groups of 25 share the laboratories of physics, chemistry and electrolysis."""
    laboratories = {"physics": "Физика", "chemistry": "Химия", "electrolysis": "Электролиз"}
    activities: list[Document] = []
    links: list[Document] = []
    for group in ("e1", "e2", "e3"):
        for lab, name in laboratories.items():
            works = [f"{group}-{lab}-{number}" for number in range(4)]
            for number, id_ in enumerate(works):
                activities.append(
                    {"id": id_, "name": f"{name}, работа {number + 1}", "who": [group, f"t-{lab}"],
                     "equipment": [lab], "duration": 2 if number == 3 else 1}
                )  # fmt: skip
            links.append({"id": f"{group}-{lab}", "kind": "order", "activities": works})
    return {
        "format": "timetable-plan/1",
        "name": "Группы электролизников",
        "days": named([*WEEK, ("sat", "Суббота")]),
        "periods": named([("1", "8:30"), ("2", "10:15"), ("3", "12:30"), ("4", "14:15")]),
        "rooms": [
            {"id": lab, "name": f"Лаборатория: {name.lower()}", "places": 25, "equipment": [lab]}
            for lab, name in laboratories.items()
        ],
        "resources": [
            *({"id": f"e{year}", "name": f"ЭРС-{year}", "kind": "group", "size": 25, "unavailable": ["sat/4"],
               "most_a_day": 3} for year in (1, 2, 3)),
            *({"id": f"t-{lab}", "name": name, "kind": "teacher", "unwanted": ["sat"]}
              for lab, name in laboratories.items()),
        ],
        "activities": activities,
        "links": links,
    }  # fmt: skip


def stupino() -> Document:
    """Practice groups go round four shops of two plants; a day of the calendar is a week, a period is a shift."""
    shops = {"forge": "cmk", "press": "cmk", "cast": "smpp", "cut": "smpp"}
    activities: list[Document] = []
    links: list[Document] = []
    for number in range(6):
        turns = [f"p{number}-{shop}" for shop in shops]
        for id_, shop in zip(turns, shops, strict=True):
            activities.append({"id": id_, "name": f"Практика: {shop}", "who": [f"p{number}", f"m-{shop}"],
                               "rooms": [shop], "kind": "practice"})  # fmt: skip
        links.append({"id": f"weeks{number}", "kind": "spread", "activities": turns})
        # Nobody presses before having seen the forge.
        links.append({"id": f"forge{number}", "kind": "order", "activities": [turns[0], turns[1]]})
    return {
        "format": "timetable-plan/1",
        "name": "Практика по цехам",
        "days": named([(f"w{week}", f"Неделя {week}") for week in range(1, 7)]),
        "periods": named([("1", "первая смена"), ("2", "вторая смена")]),
        "sites": named([("cmk", "СМК"), ("smpp", "СМПП")]),
        "travel": [{"from": "cmk", "to": "smpp", "slots": 1}],
        "rooms": [{"id": shop, "name": f"Цех {shop}", "places": 8, "site": site} for shop, site in shops.items()],
        "resources": [
            *({"id": f"m-{shop}", "name": f"Наставник {shop}", "kind": "mentor", "unwanted": ["*/2"]}
              for shop in shops),
            *({"id": f"p{number}", "name": f"П-{number + 1}", "kind": "group", "size": 8} for number in range(6)),
        ],
        "activities": activities,
        "links": links,
    }  # fmt: skip


def meeting() -> Document:
    """Two days of parallel workshops for coordinators of 64 regions, who would like to attend four each."""
    trainers = ("Мобильные приложения", "Робототехника", "Программирование на C", "Мехатроника", "Робоматематика",
                "Графический дизайн", "Трёхмерное моделирование", "Монтаж")  # fmt: skip
    workshops = [(f"w{number}-{turn}", number) for number in range(8) for turn in (1, 2)]
    ids = [id_ for id_, _number in workshops]
    return {
        "format": "timetable-plan/1",
        "name": "Совещание координаторов",
        "days": named([("d1", "24 марта"), ("d2", "25 марта")]),
        "periods": named([("1", "10:00"), ("2", "11:30"), ("3", "14:00"), ("4", "15:30")]),
        "rooms": [
            {"id": "hall", "name": "Большой зал", "places": 120},
            *({"id": f"r{number}", "name": f"Студия {number}", "places": 24,
               "equipment": ["компьютеры"] if number < 4 else []} for number in range(1, 6)),
        ],
        "resources": [
            *({"id": f"t{number}", "name": name, "kind": "teacher"} for number, name in enumerate(trainers)),
            {"id": "all", "name": "Все участники", "kind": "participant", "size": 100},
        ],
        "activities": [
            {"id": "opening", "name": "Открытие", "who": ["all"], "slots": ["d1/1"], "rooms": ["hall"]},
            {"id": "round", "name": "Круглый стол", "who": ["all"], "slots": ["d2/4"], "duration": 1},
            *({"id": id_, "name": trainers[number], "who": [f"t{number}"], "size": 20,
               "slots": ["d1/2", "d1/3", "d1/4", "d2/1", "d2/2", "d2/3"],
               "equipment": ["компьютеры"] if number < 5 else []} for id_, number in workshops),
        ],
        "links": [
            {"id": f"days{number}", "kind": "spread", "activities": [f"w{number}-1", f"w{number}-2"], "weight": 5}
            for number in range(8)
        ],
        "wishes": [
            {"id": f"Регион {region + 1}", "activities": sorted({ids[region * step % 16] for step in (1, 3, 7, 10)})}
            for region in range(64)
        ],
    }  # fmt: skip


CASES = {"kulebaki": kulebaki, "novokuznetsk": novokuznetsk, "stupino": stupino, "meeting": meeting}
