"""Which colour a state has. Colour never stands alone: a badge always shows the word too."""

from typing import Any

TONES = ("neutral", "accent", "info", "success", "warning", "danger")

# By the value of the state; apps name states alike, so that alike things look alike.
STATES = {
    "neutral": (
        "draft closed withdrawn expired cancelled discarded undone waived superseded archived inactive interest idea"
        " none not_in_force planned not_held lapsed revoked annulled"
    ),
    "info": (
        "submitted proposed open offered probable signing stated uploaded sent invited waiting pending approved"
        " session partners agreement on_the_way assigned enrolled admitted"
    ),
    "accent": "published in_force active allocated firm agreed operating running learning equipping started studying",
    "success": (
        "signed accepted met fulfilled completed confirmed passed hired stayed graduated given paid counted"
        " working done"
    ),
    "warning": "partly_met suspended returned late guardian interrupted disputed leave",
    "danger": "unmet refused rejected declined failed overdue terminated dismissed left no_show invalid",
}
_TONE_OF = {state: tone for tone, states in STATES.items() for state in states.split()}


def tone_of(state: Any) -> str:
    """Return the tone of a state by its value, "neutral" for one not in the table."""
    return _TONE_OF.get(str(getattr(state, "value", state)), "neutral")
