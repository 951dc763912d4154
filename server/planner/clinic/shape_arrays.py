"""Shapes one behind the other, as compiled code reads them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from server.planner.clinic.arrays import (
    BETWEEN,
    BOUND,
    PAIR,
    RELATION,
    SHAPE,
    STEP,
    TARGET,
    IntArray,
    Rows,
    spans,
    table,
)
from server.planner.clinic.shapes import Shape, Step
from server.planner.series.relations import Relation


class _Relations:
    """Relations, numbered as they come."""

    def __init__(self) -> None:
        self.all: list[Relation] = []

    def number(self, relation: Relation | None) -> int:
        """-1 for none."""
        self.all += [] if relation is None else [relation]
        return -1 if relation is None else len(self.all) - 1

    def rows(self) -> dict[str, Rows]:
        """The tables of relations, of their bounds in days and of their wishes."""
        places = spans(len(each.day_bounds) for each in self.all)
        bounds = [bound for each in self.all for bound in each.day_bounds]
        wished = spans(len(each.targets) for each in self.all)
        targets = [target for each in self.all for target in each.targets]
        return {
            "relations": table(
                RELATION,
                [
                    (each.first, each.second, each.least, each.most, *at, *there)
                    for each, at, there in zip(self.all, places, wished, strict=True)
                ],
            ),
            "bounds": table(BOUND, [(b.visit, b.offset, b.least, b.most) for b in bounds]),
            "targets": table(TARGET, [(t.visit, t.offset, t.days, t.weight) for t in targets]),
        }


def shape_arrays(shapes: Sequence[Shape]) -> dict[str, Any]:
    """Every step of every shape, and the days between any two of their visits."""
    relations = _Relations()
    steps = [step for shape in shapes for step in shape.steps]
    between = [each for step in steps for each in step.between]
    apart = [pair for shape in shapes for pair in shape.apart]
    folds = [pair for shape in shapes for pair in shape.folds]
    return {
        "shapes": table(SHAPE, _shape_rows(shapes)),
        "nearest": _days([shape.implied.nearest for shape in shapes]),
        "farthest": _days([shape.implied.farthest for shape in shapes]),
        "steps": table(STEP, _step_rows(steps, relations)),
        "betweens": table(
            BETWEEN,
            [
                (each.visit, relations.number(each.onto), relations.number(each.settled))
                for each in between
            ],
        ),
        "aparts": table(PAIR, apart),
        "folds": table(PAIR, folds),
        **relations.rows(),
    }


def _shape_rows(shapes: Sequence[Shape]) -> list[tuple[int, ...]]:
    steps, apart = spans(len(each.steps) for each in shapes), spans(len(s.apart) for s in shapes)
    days, folds = (
        spans(len(each.visits) ** 2 for each in shapes),
        spans(len(s.folds) for s in shapes),
    )
    return [
        (len(shape.visits), days[n][0], *steps[n], *apart[n], *folds[n], int(shape.folded))
        for n, shape in enumerate(shapes)
    ]


def _step_rows(steps: Sequence[Step], relations: _Relations) -> list[tuple[int, ...]]:
    between = spans(len(each.between) for each in steps)
    return [
        (
            *(step.visit, _or_none(step.onto), relations.number(step.relation)),
            *(*between[n], step.wishes, _or_none(step.also), relations.number(step.other)),
            *(_or_none(each) for each in (step.near, step.far, step.makes)),
        )
        for n, step in enumerate(steps)
    ]


def _or_none(number: int | None) -> int:
    return -1 if number is None else number


def _days(matrices: Sequence[IntArray]) -> IntArray:
    return np.concatenate([np.zeros(0, dtype=np.int64), *(each.reshape(-1) for each in matrices)])
