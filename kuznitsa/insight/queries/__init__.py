"""The thread as numbers, the facts behind a number, the balance of need and pipeline."""

from kuznitsa.insight.queries.balance import Balance, BalanceRow, WhatIf, balance, what_if
from kuznitsa.insight.queries.scopes import Scope
from kuznitsa.insight.queries.thread import band, facts_of_stage

__all__ = ["Balance", "BalanceRow", "Scope", "WhatIf", "balance", "band", "facts_of_stage", "what_if"]
