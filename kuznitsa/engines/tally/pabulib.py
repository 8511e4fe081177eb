"""Reads Pabulib's `.pb` files: three sections of rows, columns parted by semicolons, in UTF-8.

What the format leaves to the reader is decided so: rows and sections may come in any order; ballots that name fewer
projects or give fewer points than the rules ask for count, ballots over a limit are refused.
"""

from fractions import Fraction

from kuznitsa.engines.language import translate as _
from kuznitsa.engines.tally import ballots as boxes
from kuznitsa.engines.tally.model import Election, Issue, Project, VoteType
from kuznitsa.engines.tally.sections import SECTIONS, Section, number, refuse, refuse_short, shown, split, text_of, unit

# Fewer than there are letters (`ballots`).
MOST_PROJECTS = 1_000_000


def read(data: bytes) -> tuple[Election, list[Issue]]:
    """The election in a file, and what was put right in it. Raises BadInput with the line and what is wrong there."""
    text = text_of(data)
    sections = split(text)
    for name in SECTIONS:
        if name not in sections:
            last = text.rstrip().count("\n") + 1
            refuse(last, _("the section %(name)s is missing; the file may be cut off") % {"name": name})
    meta_line, meta = sections["META"].line, meta_of(sections["META"])
    line, kind = needed(meta, "vote_type", meta_line)
    if kind.lower() not in set(VoteType):
        refuse(line, _("vote_type is one of %(known)s, not %(text)s") % {"known": ", ".join(VoteType), "text": kind})
    vote_type = VoteType(kind.lower())
    names, costs = projects_of(sections["PROJECTS"])
    budget_line, budget_text = needed(meta, "budget", meta_line)
    budget = number(budget_line, budget_text)
    if not budget:
        refuse(budget_line, _("the budget is zero: there is nothing to decide about"))
    expect_count(meta, "num_projects", len(names))
    money = unit([budget, *costs])
    cast, issues, point = boxes.read(sections["VOTES"], names, vote_type, limits_of(meta))
    expect_count(meta, "num_votes", sum(cast.weight))
    election = Election(
        vote_type=vote_type,
        budget=int(budget * money),
        projects=tuple(Project(id_, int(cost * money)) for id_, cost in zip(names, costs, strict=True)),
        ballots=cast,
        money=money,
        point=point,
        voters=sum(cast.weight),
    )
    return election, issues


def meta_of(section: Section) -> dict[str, tuple[int, str]]:
    """Line and value of every key."""
    found: dict[str, tuple[int, str]] = {}
    for line, row in section.table[1:]:
        key = row[0].strip().lower()
        if len(row) < 2:
            refuse_short(line, 1, 2)
        if key in found:
            refuse(line, _("the key %(key)s appears twice") % {"key": shown(key)})
        found[key] = (line, row[1].strip())
    return found


def needed(meta: dict[str, tuple[int, str]], key: str, meta_line: int) -> tuple[int, str]:
    line, value = meta.get(key, (meta_line, ""))
    if not value:
        refuse(line, _("META does not say %(key)s") % {"key": key})
    return line, value


def expect_count(meta: dict[str, tuple[int, str]], key: str, found: int) -> None:
    line, text = meta.get(key, (0, ""))
    if text and int(number(line, text)) != found:
        words = {"key": key, "said": shown(text), "found": found}
        refuse(line, _("%(key)s says %(said)s, but the file has %(found)d; it may be cut off") % words)


def limits_of(meta: dict[str, tuple[int, str]]) -> boxes.Limits:
    """What the file says about the size of a ballot."""

    def limit(key: str) -> Fraction | None:
        line, text = meta.get(key, (0, ""))
        return number(line, text) if text else None

    line, text = meta.get("default_score", (0, ""))
    if text and number(line, text):
        refuse(line, _("default_score is not supported: a project that a ballot leaves out gets no points"))
    return boxes.Limits(limit("max_length"), limit("max_points"), limit("max_sum_points"))


def projects_of(section: Section) -> tuple[list[str], list[Fraction]]:
    """Ids and costs, in order of the ids."""
    costs: dict[str, Fraction] = {}
    for line, (id_, cost) in section.cells("project_id", "cost"):
        if not id_:
            refuse(line, _("the project has no id"))
        if id_ in costs:
            refuse(line, _("there are two projects with the id %(id)s") % {"id": shown(id_)})
        costs[id_] = number(line, cost)
        if len(costs) > MOST_PROJECTS:
            refuse(line, _("there are more than %(most)d projects") % {"most": MOST_PROJECTS})
    if not costs:
        refuse(section.line, _("there are no projects"))
    names = sorted(costs)
    return names, [costs[name] for name in names]
