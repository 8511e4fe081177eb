"""The same case for FET: its XML, its command, and how its result is read back. A peer, never a dependency."""

import os
import resource
import shutil
import subprocess
import tempfile
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as Xml

from kuznitsa.engines.timetabling.planning import Kind, Link, LinkKind, Model, Placed, Plan
from kuznitsa.engines.timetabling.planning.reasons import rooms_of

PATIENCE = 120


def is_installed() -> bool:
    """Return whether `fet-cl` is there."""
    return shutil.which("fet-cl") is not None


def solve(model: Model) -> tuple[float, Plan]:
    """Return the CPU seconds of FET and its plan, empty when it found none."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "case.fet"
        source.write_bytes(document(model))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            ["fet-cl", f"--inputfile={source}", f"--outputdir={folder}", f"--timelimitseconds={PATIENCE}",
             "--htmllevel=0", "--randomseeds10=10", "--randomseeds11=11", "--randomseeds12=12", "--randomseeds20=20",
             "--randomseeds21=21", "--randomseeds22=22"],
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": folder}, check=False, capture_output=True,
        )  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return took, _plan(model, Path(folder))


def document(model: Model) -> bytes:
    """Return the hard rules of a model as FET's XML; wishes with a weight are left out, which makes it easier."""
    root = Xml.Element("fet", version="6.8.5")
    for name, text in (("Institution_Name", "district"), ("Comments", "")):
        _add(root, name, text)
    _named(root, "Days", "Day", [day.id for day in model.days])
    _named(root, "Hours", "Hour", [period.id for period in model.periods])
    _subjects_and_people(root, model)
    activities = Xml.SubElement(root, "Activities_List")
    number = {activity.id: index for index, activity in enumerate(model.activities, start=1)}
    for activity in model.activities:
        one = Xml.SubElement(activities, "Activity")
        people = [model.resource[who] for who in activity.who]
        for person in people:
            _add(one, "Students" if person.kind == Kind.GROUP else "Teacher", person.id)
        _add(one, "Subject", "class")
        _add(one, "Duration", activity.duration)
        _add(one, "Total_Duration", activity.duration)
        _add(one, "Id", number[activity.id])
        _add(one, "Activity_Group_Id", 0)
        _add(one, "Number_Of_Students", activity.size)
        _add(one, "Active", "true")
    _named(root, "Buildings", "Building", [site.id for site in model.sites], listed="Buildings_List")
    rooms = Xml.SubElement(root, "Rooms_List")
    for room in model.rooms:
        one = Xml.SubElement(rooms, "Room")
        _add(one, "Name", room.id)
        _add(one, "Building", room.site or "")
        _add(one, "Capacity", room.places)
        _add(one, "Virtual", "false")
    _time(Xml.SubElement(root, "Time_Constraints_List"), model, number)
    _space(Xml.SubElement(root, "Space_Constraints_List"), model, number)
    return Xml.tostring(root, encoding="utf-8", xml_declaration=True)


def _subjects_and_people(root: Xml.Element, model: Model) -> None:
    _add(Xml.SubElement(Xml.SubElement(root, "Subjects_List"), "Subject"), "Name", "class")
    Xml.SubElement(root, "Activity_Tags_List")
    teachers, students = Xml.SubElement(root, "Teachers_List"), Xml.SubElement(root, "Students_List")
    for resource_ in model.resources:
        if resource_.kind == Kind.GROUP:
            year = Xml.SubElement(students, "Year")
            _add(year, "Name", resource_.id)
            _add(year, "Number_of_Students", resource_.size)
        else:
            _add(Xml.SubElement(teachers, "Teacher"), "Name", resource_.id)


def _time(constraints: Xml.Element, model: Model, number: dict[str, int]) -> None:
    _rule(constraints, "ConstraintBasicCompulsoryTime")
    for one in model.resources:
        is_group = one.kind == Kind.GROUP
        if one.unavailable:
            kind = "StudentsSet" if is_group else "Teacher"
            rule = _rule(constraints, f"Constraint{kind}NotAvailableTimes")
            _add(rule, "Students" if is_group else "Teacher", one.id)
            _add(rule, "Number_of_Not_Available_Times", len(one.unavailable))
            for slot in sorted(one.unavailable):
                day, period = divmod(slot, len(model.periods))
                hour = Xml.SubElement(rule, "Not_Available_Time")
                _add(hour, "Day", model.days[day].id)
                _add(hour, "Hour", model.periods[period].id)
        if one.most_a_day is not None and is_group:
            rule = _rule(constraints, "ConstraintStudentsSetMaxHoursDaily")
            _add(rule, "Maximum_Hours_Daily", one.most_a_day)
            _add(rule, "Students", one.id)
    for link in model.links:
        if link.weight is None:
            _link(constraints, link, [number[id_] for id_ in link.activities])


def _link(constraints: Xml.Element, link: Link, ids: list[int]) -> None:
    if link.kind == LinkKind.SPREAD:
        rule = _rule(constraints, "ConstraintMinDaysBetweenActivities")
        _add(rule, "Consecutive_If_Same_Day", "false")
        _add(rule, "Number_of_Activities", len(ids))
        for id_ in ids:
            _add(rule, "Activity_Id", id_)
        _add(rule, "MinDays", 1)
    elif link.kind == LinkKind.ORDER:
        for before, after in pairwise(ids):
            rule = _rule(constraints, "ConstraintTwoActivitiesOrdered")
            _add(rule, "First_Activity_Id", before)
            _add(rule, "Second_Activity_Id", after)


def _space(constraints: Xml.Element, model: Model, number: dict[str, int]) -> None:
    _rule(constraints, "ConstraintBasicCompulsorySpace")
    for kind in ("Students", "Teachers"):
        rule = _rule(constraints, f"Constraint{kind}MinGapsBetweenBuildingChanges")
        _add(rule, "Min_Gaps_Between_Building_Changes", max(model.travel.values(), default=0))
    for activity in model.activities:
        rooms = rooms_of(model, activity)
        if activity.needs_room:
            rule = _rule(constraints, "ConstraintActivityPreferredRooms")
            _add(rule, "Activity_Id", number[activity.id])
            _add(rule, "Number_of_Preferred_Rooms", len(rooms))
            for room in rooms:
                _add(rule, "Preferred_Room", room.id)


def _rule(constraints: Xml.Element, name: str) -> Xml.Element:
    rule = Xml.SubElement(constraints, name)
    _add(rule, "Weight_Percentage", 100)
    _add(rule, "Active", "true")
    return rule


def _named(root: Xml.Element, part: str, item: str, ids: list[str], listed: str | None = None) -> None:
    entries = Xml.SubElement(root, listed or f"{part}_List")
    if listed is None:
        _add(entries, f"Number_of_{part}", len(ids))
    for id_ in ids:
        _add(Xml.SubElement(entries, item), "Name", id_)


def _add(parent: Xml.Element, name: str, value: object) -> None:
    Xml.SubElement(parent, name).text = str(value)


def _plan(model: Model, folder: Path) -> Plan:
    """Read the XML with the placements that FET leaves when it has succeeded."""
    found = [path for path in folder.rglob("*_activities.xml") if "conflicts" not in path.name]
    if not found:
        return {}
    days = {day.id: index for index, day in enumerate(model.days)}
    periods = {period.id: index for index, period in enumerate(model.periods)}
    plan: Plan = {}
    for entry in Xml.parse(found[0]).getroot().iter("Activity"):
        said = {child.tag: child.text or "" for child in entry}
        if said.get("Day") in days and said.get("Hour") in periods:
            activity = model.activities[int(said["Id"]) - 1]
            slot = days[said["Day"]] * len(periods) + periods[said["Hour"]]
            plan[activity.id] = Placed(slot, said.get("Room") or None)
    return plan
