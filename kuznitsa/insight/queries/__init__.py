"""The thread as numbers, the facts behind a number, the balance of need and pipeline."""

from kuznitsa.insight.queries.balance import Balance, BalanceRow, balance, share_lines
from kuznitsa.insight.queries.scopes import Scope
from kuznitsa.insight.queries.thread import (
    Stay,
    band,
    facts_of_stage,
    heading,
    number_of,
    sees_facts,
    stage_of,
    stays,
)
from kuznitsa.insight.queries.what_if import WhatIf, what_if

__all__ = [
    "Balance",
    "BalanceRow",
    "Scope",
    "Stay",
    "WhatIf",
    "balance",
    "band",
    "facts_of_stage",
    "heading",
    "number_of",
    "sees_facts",
    "share_lines",
    "stage_of",
    "stays",
    "what_if",
]
