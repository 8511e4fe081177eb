"""The price of each wish that a plan does not honour, and what honouring it would cost. Needs NumPy and numba."""

from collections import Counter
from dataclasses import dataclass

from kuznitsa.engines.timetabling.planning.checks import check
from kuznitsa.engines.timetabling.planning.model import Finding, Model, Placed, Plan, Rule
from kuznitsa.engines.timetabling.planning.moves import Editor


@dataclass(frozen=True, slots=True)
class Price:
    """A wish that costs `finding.cost` as it is.

    Moving `activity` to `to` would honour it, and change the cost of the whole plan by `change`; what this breaks is
    in `breaks`. Without `activity`, no move of one meeting honours it.
    """

    finding: Finding
    activity: str | None = None
    to: Placed | None = None
    change: int = 0
    breaks: tuple[Rule, ...] = ()


def prices(model: Model, plan: Plan, *, most: int = 20) -> list[Price]:
    """The dearest wishes that are not honoured, dearest first, and the best single move for each."""
    wishes = [finding for finding in check(model, plan) if finding.cost]
    wishes.sort(key=lambda finding: -finding.cost)
    editor = Editor(model, plan)
    return [_price(editor, finding) for finding in wishes[:most]]


def cost_by_activity(model: Model, plan: Plan) -> dict[str, int]:
    """What the wishes in which an activity takes part cost together; activities without costs are left out."""
    found: Counter[str] = Counter()
    for finding in check(model, plan):
        if finding.cost:
            found.update(dict.fromkeys(finding.activities, finding.cost))
    return dict(found.most_common())


def _price(editor: Editor, finding: Finding) -> Price:
    best: tuple[int, int, str, Placed, tuple[Rule, ...]] | None = None
    for id_ in finding.activities:
        for placed, consequence in editor.everywhere(id_).items():
            if consequence.rules.get(finding.rule, 0) >= 0:
                continue
            broken = sum(consequence.breaks.values())
            if best is None or (broken, consequence.cost) < best[:2]:
                best = (broken, consequence.cost, id_, placed, tuple(consequence.breaks))
    if best is None:
        return Price(finding)
    _broken, change, activity, to, breaks = best
    return Price(finding, activity, to, change, breaks)
