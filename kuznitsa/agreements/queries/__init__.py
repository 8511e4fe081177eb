"""Reads: how promises stand, what waits for whom, the text as it is signed and printed."""

from kuznitsa.agreements.queries.coming import coming
from kuznitsa.agreements.queries.duties import duties, parties_to_sign
from kuznitsa.agreements.queries.fulfilments import Fulfilled, Stand, facts_of, fulfilments, stands
from kuznitsa.agreements.queries.papers import paper, paper_data
from kuznitsa.agreements.queries.promises import (
    URGENCY,
    OwnPromises,
    Promises,
    listed_agreements,
    listed_obligations,
    organisations_to_choose,
    panel_of_cluster,
    panel_of_organisation,
    promises,
    promises_of,
)
from kuznitsa.agreements.queries.screens import (
    act_lines,
    fact_lines,
    history_of,
    owed_in,
    party_lines,
    signing_steps,
    tabs,
)
from kuznitsa.agreements.queries.texts import canonical, hash_of

__all__ = [
    "URGENCY",
    "Fulfilled",
    "OwnPromises",
    "Promises",
    "Stand",
    "act_lines",
    "canonical",
    "coming",
    "duties",
    "fact_lines",
    "facts_of",
    "fulfilments",
    "hash_of",
    "history_of",
    "listed_agreements",
    "listed_obligations",
    "organisations_to_choose",
    "owed_in",
    "panel_of_cluster",
    "panel_of_organisation",
    "paper",
    "paper_data",
    "parties_to_sign",
    "party_lines",
    "promises",
    "promises_of",
    "signing_steps",
    "stands",
    "tabs",
]
