"""Agreements from draft to their end, obligations and acts."""

from kuznitsa.agreements.actions.acts import accept_act, resubmit_act, return_act, submit_act
from kuznitsa.agreements.actions.drafting import Promise, draw_up, edit
from kuznitsa.agreements.actions.ending import expire, prolong, reopen, terminate, withdraw
from kuznitsa.agreements.actions.obligations import restore, waive
from kuznitsa.agreements.actions.signing import record_scan, return_to_draft, send_for_signing, sign

__all__ = [
    "Promise",
    "accept_act",
    "draw_up",
    "edit",
    "expire",
    "prolong",
    "record_scan",
    "reopen",
    "restore",
    "resubmit_act",
    "return_act",
    "return_to_draft",
    "send_for_signing",
    "sign",
    "submit_act",
    "terminate",
    "waive",
    "withdraw",
]
