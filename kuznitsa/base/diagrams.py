"""Tables of moves as Mermaid diagrams, for docs/reference/states.md."""

from collections.abc import Collection, Mapping
from typing import Any


def mermaid(states: Any, moves: Mapping[Any, Collection[Any]]) -> str:
    """Return the state diagram of the enum `states` and its table of moves, in the enum's order.

    The first state is where everything begins; a state without a way out is an end.
    """
    order = list(states)
    lines = ["stateDiagram-v2"]
    lines += [f"    {state.value}: {state.label}" for state in order]
    lines.append(f"    [*] --> {order[0].value}")
    for state in order:
        following = sorted(moves.get(state, ()), key=order.index)
        lines += [f"    {state.value} --> {other.value}" for other in following]
        if not following:
            lines.append(f"    {state.value} --> [*]")
    return "\n".join(lines)
