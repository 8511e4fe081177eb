"""A plan as an SVG picture: a row for every hour of every day, a column for every room, a colour for every school."""

from collections import defaultdict
from html import escape
from itertools import pairwise

from kuznitsa.engines.language import translate as _
from kuznitsa.engines.timetabling.planning.model import Activity, Kind, Model, Placed, Plan

# A light ground, a strong edge: told apart in print and by most who see colours differently.
COLOURS = (
    ("#e3eefc", "#2463b8"),
    ("#fdeed9", "#c26a00"),
    ("#e2f4e6", "#1f7a3d"),
    ("#f6e6f4", "#93338a"),
    ("#fbe5e3", "#b3372b"),
    ("#e0f3f4", "#0d7480"),
    ("#f4f0d8", "#7d6b00"),
    ("#e9e7fa", "#5546b5"),
)
PLAIN = ("#eef0f3", "#5b6472")
INK, FAINT, LINE = "#1b2430", "#5b6472", "#d5dae1"
FONT = "'Golos Text', 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif"
MARGIN, DAY_WIDTH, HOUR_WIDTH, COLUMN, ROW, HEAD, TITLE, LEGEND = 24, 44, 64, 196, 78, 52, 60, 34
PAD, BETWEEN_DAYS = 4, 12
# Average width of a letter, in parts of the size of the type.
LETTER, BOLD_LETTER = 0.56, 0.63


def picture(model: Model, plan: Plan) -> str:
    """The SVG of a plan. Hours and rooms in which nothing is held are left out."""
    return _Picture(model, plan).svg()


class _Picture:
    def __init__(self, model: Model, plan: Plan) -> None:
        self.model = model
        self.held = [(activity, plan[activity.id]) for activity in model.activities if activity.id in plan]
        used = {place.slot + later for activity, place in self.held for later in range(activity.duration)}
        hours = {slot % len(model.periods) for slot in used}
        self.rows = [slot for slot in range(model.slots) if slot % len(model.periods) in hours]
        self.top: dict[int, int] = {}
        y = MARGIN + TITLE + HEAD
        for before, slot in pairwise([self.rows[0] if self.rows else 0, *self.rows]):
            y += BETWEEN_DAYS if model.day_of(before) != model.day_of(slot) else 0
            self.top[slot] = y
            y += ROW
        self.bottom = y
        places = {self._place(activity, placed): None for activity, placed in self.held}
        order = [room.name for room in model.rooms] + [site.name for site in model.sites]
        self.columns = sorted(places, key=lambda name: (order.index(name) if name in order else len(order), name))
        schools = dict.fromkeys(
            one.organisation for one in model.resources if one.kind == Kind.GROUP and one.organisation
        )
        self.colour = {school: COLOURS[number % len(COLOURS)] for number, school in enumerate(schools)}
        self.width = 2 * MARGIN + DAY_WIDTH + HOUR_WIDTH + COLUMN * max(len(self.columns), 2)
        self.parts: list[str] = []

    def svg(self) -> str:
        self._frame()
        cells: dict[tuple[str, int], list[tuple[Activity, Placed]]] = defaultdict(list)
        for activity, placed in self.held:
            cells[self._place(activity, placed), placed.slot].append((activity, placed))
        for (place, slot), meetings in cells.items():
            for number, (activity, placed) in enumerate(meetings):
                self._card(activity, placed, self.columns.index(place), number, len(meetings), slot)
        height = self._legend()
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height}" width="{self.width}" '
            f'height="{height}" font-family="{FONT}" role="img" aria-label="{escape(self.model.name)}">'
        )
        ground = f'<rect width="{self.width}" height="{height}" fill="#ffffff"/>'
        return "\n".join([head, ground, *self.parts, "</svg>"]) + "\n"

    def _place(self, activity: Activity, placed: Placed) -> str:
        if placed.room is not None:
            return self.model.room[placed.room].name
        site = next((site.name for site in self.model.sites if site.id == activity.site), None)
        return site or _("without a room")

    def _frame(self) -> None:
        """Title, days, hours and rooms."""
        self._text(MARGIN, MARGIN + 26, self.model.name or _("Timetable"), 24, weight=700)
        left, right = MARGIN + DAY_WIDTH + HOUR_WIDTH, self.width - MARGIN
        for number, name in enumerate(self.columns):
            x = left + number * COLUMN
            for line, text in enumerate(_wrapped(name, COLUMN - 16, 13, 2)):
                self._text(x + 10, MARGIN + TITLE + 18 + line * 17, text, 13, weight=600)
        for day, band in self._days().items():
            top, bottom = self.top[band[0]], self.top[band[-1]] + ROW
            self._rect(MARGIN, top, DAY_WIDTH - 6, bottom - top, INK, radius=6)
            middle = MARGIN + (DAY_WIDTH - 6) / 2 + 5, (top + bottom) / 2
            name = _cut(self.model.days[day].name, bottom - top - 12, 14, BOLD_LETTER)
            self.parts.append(
                f'<text transform="translate({middle[0]:g} {middle[1]:g}) rotate(-90)" text-anchor="middle" '
                f'font-size="14" font-weight="600" fill="#ffffff">{escape(name)}</text>'
            )
            self._rect(left, top, right - left, bottom - top, "#f7f8fa", radius=6)
            for slot in band:
                period = self.model.periods[slot % len(self.model.periods)].name
                for line, text in enumerate(_wrapped(period, HOUR_WIDTH - 6, 13, 2)):
                    self._text(
                        MARGIN + DAY_WIDTH + 2, self.top[slot] + 22 + line * 16, text, 13, fill=FAINT, weight=600
                    )
                if slot != band[0]:
                    self._line(MARGIN + DAY_WIDTH, self.top[slot], right, self.top[slot])
            for number in range(1, len(self.columns)):
                self._line(left + number * COLUMN, top, left + number * COLUMN, bottom)

    def _days(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for slot in self.rows:
            found[self.model.day_of(slot)].append(slot)
        return found

    def _card(self, activity: Activity, placed: Placed, column: int, number: int, count: int, slot: int) -> None:
        """A meeting; several in one cell stand side by side."""
        width = (COLUMN - PAD) / count - PAD
        x = MARGIN + DAY_WIDTH + HOUR_WIDTH + column * COLUMN + PAD + number * (width + PAD)
        y, height = self.top[slot] + PAD, self.top[slot + activity.duration - 1] + ROW - self.top[slot] - 2 * PAD
        people = [self.model.resource[who] for who in activity.who]
        groups = [one for one in people if one.kind == Kind.GROUP]
        schools = list(dict.fromkeys(one.organisation for one in groups if one.organisation))
        ground, edge = self.colour[schools[0]] if len(schools) == 1 else PLAIN
        edges = [self.colour[school][1] for school in schools] or [edge]
        others = ", ".join(one.name for one in people if one.kind != Kind.GROUP)
        who = ", ".join(one.name for one in groups)
        self.parts.append("<g>")
        told = "; ".join(part for part in (activity.name, who, others, self.model.slot_name(placed.slot)) if part)
        self.parts.append(f"<title>{escape(told)}</title>")
        self._rect(x, y, width, height, ground, radius=5)
        for part, colour in enumerate(edges):
            self._rect(x, y + part * height / len(edges), 4, height / len(edges), colour, radius=2)
        inner, lines = width - 18, 2 if height > ROW or not (who and others) else 1
        names = _wrapped(activity.name, inner, 13, lines, BOLD_LETTER)
        for line, text in enumerate(names):
            self._text(x + 12, y + 19 + line * 16, text, 13, weight=600)
        under = y + 19 + 16 * len(names) + 2
        for text, fill in ((who, edge), (others, FAINT)):
            if text:
                self._text(x + 12, under, _cut(text, inner, 12, LETTER), 12, fill=fill, weight=500)
                under += 17
        self.parts.append("</g>")

    def _legend(self) -> int:
        """Which colour is which school; the height of the whole."""
        x, y = MARGIN, self.bottom + LEGEND
        for school, (ground, edge) in self.colour.items():
            length = int(len(school) * 13 * LETTER) + 46
            if x + length > self.width - MARGIN and x > MARGIN:
                x, y = MARGIN, y + 26
            self._rect(x, y - 12, 16, 16, ground, radius=3)
            self._rect(x, y - 12, 4, 16, edge, radius=2)
            self._text(x + 23, y + 1, school, 13)
            x += length
        return y + MARGIN if self.colour else self.bottom + MARGIN

    def _text(self, x: float, y: float, text: str, size: int, *, fill: str = INK, weight: int = 400) -> None:
        self.parts.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size}" font-weight="{weight}" fill="{fill}">{escape(text)}</text>'
        )

    def _rect(self, x: float, y: float, width: float, height: float, fill: str, *, radius: int) -> None:
        self.parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius}" fill="{fill}"/>'
        )

    def _line(self, x: float, y: float, to_x: float, to_y: float) -> None:
        self.parts.append(f'<path d="M{x:g} {y:g}L{to_x:g} {to_y:g}" stroke="{LINE}"/>')


def _cut(text: str, width: float, size: int, letter: float) -> str:
    most = max(int(width / (size * letter)), 2)
    return text if len(text) <= most else text[: most - 1].rstrip(" ,;") + "…"


def _wrapped(text: str, width: float, size: int, lines: int, letter: float = BOLD_LETTER) -> list[str]:
    """The text on at most so many lines, cut where it is too long."""
    found, most = [""], max(int(width / (size * letter)), 2)
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        if len(longer) <= most or not found[-1] or len(found) == lines:
            found[-1] = longer
        else:
            found.append(word)
    return [_cut(line, width, size, letter) for line in found]
