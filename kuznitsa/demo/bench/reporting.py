"""The table: printed, and kept in docs/reference for the next time."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from kuznitsa.demo.bench.measuring import LIMIT, LIMITS, TIMES, Measure
from kuznitsa.demo.bench.weight import LIMIT as WEIGHT_LIMIT

FOLDER = settings.ROOT / "docs" / "reference"
HEAD = """# How fast the pages are

Server time in milliseconds over the generated world (`make world`): 100 clusters, 50,000 people, 2 million facts.
Each page is asked {times} times, warm, through all the middleware, by the viewer who waits longest for it. The goal
is a 95th percentile below {limit:.0f} ms, and below {cluster:.0f} ms for the thread of a cluster. `loop` is what a
loop of plain Python took just before and after: the machine is shared, and often twice as slow as at its best. `p50 ×`
compares with the numbers committed before, both in loops; nothing fails because of it. `make bench` writes this page.
"""


def kept(database: str) -> dict[str, Any]:
    """Return what was measured before on this database; empty when nothing was."""
    path = FOLDER / f"benchmark-{database}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def keep(database: str, measures: Sequence[Measure], weight: dict[str, dict[str, int]]) -> None:
    """Write the numbers of this database, and the page for people from those of all databases."""
    numbers = {"pages": [measure.as_row() for measure in measures], "weight": weight}
    before = {row["page"]: row["wall_p50"] / row["loop"] for row in kept(database).get("pages", []) if "loop" in row}
    for row in numbers["pages"]:
        row["before"] = before.get(row["page"])
    text = json.dumps(numbers, indent=1, ensure_ascii=False) + "\n"
    (FOLDER / f"benchmark-{database}.json").write_text(text, encoding="utf-8")
    (FOLDER / "benchmark.md").write_text(document(), encoding="utf-8")


def document() -> str:
    """Return the page for people."""
    parts = [HEAD.format(times=TIMES, limit=LIMIT, cluster=min(LIMITS.values()))]
    for database, name in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
        if numbers := kept(database):
            parts.append(f"\n## {name}\n\n{table(numbers['pages'])}")
            weight = numbers["weight"]
    parts.append(f"\n## First visit\n\n{weights(weight)}")
    return "".join(parts)


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Return the rows as a Markdown table, the slowest first; a star marks what is above its goal."""
    lines = ["| page | viewer | queries | p50 | p95 | CPU p95 | loop | p50 × |", "|---|---|--:|--:|--:|--:|--:|--:|"]
    for row in sorted(rows, key=lambda row: -row["wall_p95"]):
        ratio = f"{row['wall_p50'] / row['loop'] / row['before']:.2f}" if row.get("before") else ""
        star = " ★" if row["wall_p95"] > LIMITS.get(row["page"], LIMIT) else ""
        lines.append(
            f"| `{row['page']}` | {row['viewer']} | {row['queries']} | {row['wall_p50']:.1f} |"
            f" {row['wall_p95']:.1f}{star} | {row['cpu_p95']:.1f} |"
            f" {row.get('loop', '')} | {ratio} |"
        )
    return "\n".join(lines) + "\n"


def weights(of: dict[str, dict[str, int]]) -> str:
    """Return what a first visit downloads in each language."""
    lines = [f"Compressed bytes of the front page with everything it brings; the goal is {WEIGHT_LIMIT:,}.\n"]
    for language, files in of.items():
        lines.append(f"\n**{language}: {sum(files.values()):,}**\n")
        lines += [f"- `{name}` {size:,}" for name, size in sorted(files.items(), key=lambda item: -item[1])]
    return "\n".join(lines) + "\n"
