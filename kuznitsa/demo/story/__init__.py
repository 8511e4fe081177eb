"""The thread of Novokuznetsk from a need to workers who stayed."""

from collections.abc import Callable

from kuznitsa.demo.story.admission import allocate, open_admission
from kuznitsa.demo.story.promises import accept_laboratories, agree, state_needs
from kuznitsa.demo.story.scene import Scene
from kuznitsa.demo.story.work import (
    begin_studies,
    draw_up_contracts,
    examine,
    hire,
    pay_until_leave,
    practise,
    sign_contracts,
)

# What happens in each stage, on top of those before it.
STEPS: dict[str, tuple[Callable[[Scene], None], ...]] = {
    "need": (state_needs,),
    "agreed": (agree,),
    "applying": (open_admission,),
    "allocated": (allocate, draw_up_contracts, accept_laboratories),
    "practice": (sign_contracts, begin_studies, practise, pay_until_leave),
    "hired": (examine, hire),
}

__all__ = ["STEPS", "Scene"]
