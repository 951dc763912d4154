"""Two plans of the same patients side by side, in words."""

from collections.abc import Mapping
from typing import Any, cast

Plan = Mapping[str, Any]


def differences(before: Plan, after: Plan) -> list[str]:
    """What one plan has otherwise than the other: sums first, then patient by patient."""
    lines = [_sums("as it is", before), _sums("changed", after)]
    one, other = _series(before), _series(after)
    lines += [f"{each} is placed now" for each in other if each not in one]
    lines += [f"{each} is left out now" for each in one if each not in other]
    for patient in one:
        if patient in other and (told := _moves(one[patient], other[patient])):
            lines.append(f"{patient}: {told}")
    return lines


def _sums(name: str, plan: Plan) -> str:
    parts = ", ".join(f"{part} {cost}" for part, cost in plan["cost_parts"].items() if cost)
    return (
        f"{name}: {len(plan['series'])} placed, {len(plan['unplaced'])} left out, cost "
        f"{plan['cost']} ({parts or 'nothing'}), not below {plan['lower_bound']}"
    )


def _series(plan: Plan) -> dict[str, Plan]:
    return {each["patient"]: each for each in cast(list[Plan], plan["series"])}


def _moves(one: Plan, other: Plan) -> str:
    """How many visits lie otherwise, and the first of them."""
    visits = other["visits"]
    moved = [code for code, at in one["visits"].items() if visits[code]["start"] != at["start"]]
    people = [
        f"{name} {visits_of[0]} -> {visits_of[1]}"
        for name, visits_of in _people(one, other).items()
    ]
    if not moved:
        return ", ".join(people)
    code = min(moved, key=lambda each: str(visits[each]["start"]))
    first = f"{code} {one['visits'][code]['start'][:16]} -> {visits[code]['start'][:16]}"
    more = f" and {len(moved) - 1} more" if len(moved) > 1 else ""
    return ", ".join([f"{first}{more}", *people])


def _people(one: Plan, other: Plan) -> dict[str, tuple[str, str]]:
    return {
        name: (who, other["choices"][name])
        for name, who in one["choices"].items()
        if other["choices"].get(name, who) != who
    }
