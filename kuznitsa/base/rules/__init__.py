"""The numbers of the law, as data.

    rule("minor_hours_per_week", on=contract.signed_on, age=16).value   # 35

Law changes, and what was agreed lives by the law of its day: a number is always asked for with a date. An
entry without confirmation in an official text is marked `TO_BE_CONFIRMED`, and screens that show it say so.
"""

from kuznitsa.base.rules.entry import Rule, Status
from kuznitsa.base.rules.lookup import NoRuleInForce, entries, rule
from kuznitsa.base.rules.marks import exam_mark

__all__ = ["NoRuleInForce", "Rule", "Status", "entries", "exam_mark", "rule"]
