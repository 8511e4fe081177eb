"""What higher apps are asked before a step is taken here that would pull the ground from under theirs.

A receiver answers "" (go on) or the translated reason why not.
"""

from typing import Any

from django.dispatch import Signal

# An intake gets fewer places (`places`; 0 when it is cancelled). Sent with `intake`.
intake_shrinks = Signal()
# An enrolment is taken back as entered by mistake. Sent with `enrolment`.
enrolment_annulled = Signal()


def objection(signal: Signal, sender: Any, **about: Any) -> str:
    """Return the first reason that a higher app gives against the step, "" when there is none."""
    return next((answer for _receiver, answer in signal.send(sender=sender, **about) if answer), "")
