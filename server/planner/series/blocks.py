"""Where the visits' relations form a tree, and where they close circles.

A graph falls apart into blocks: single edges and knots of circles, which hang together at visits
like beads. Best costs can be carried through the visit that two blocks share.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.planner.series.relations import Relation


@dataclass(frozen=True, slots=True)
class Block:
    """Visits bound in one knot (or by one relation); `top` is the one nearest to the root."""

    top: int
    members: tuple[int, ...]
    relations: tuple[Relation, ...]


def blocks_from(root: int, relations: Iterable[Relation]) -> Mapping[int, tuple[Block, ...]]:
    """The blocks that can be reached from a visit, by their top. Each pair of visits has at most
    one relation."""
    walk = _Walk(root, relations)
    walk.visit(root, None)
    return {top: tuple(found) for top, found in walk.found.items()}


def components(members: Iterable[int], relations: Iterable[Relation]) -> list[frozenset[int]]:
    """Members that are bound to each other, directly or through others."""
    groups = {member: {member} for member in members}
    for relation in relations:
        joined = groups[relation.first] | groups[relation.second]
        for member in joined:
            groups[member] = joined
    return [frozenset(group) for group in {id(group): group for group in groups.values()}.values()]


class _Walk:
    """Tarjan's walk: a block ends where nothing below leads back above its top."""

    def __init__(self, root: int, relations: Iterable[Relation]) -> None:
        self.root = root
        self.edges: dict[int, list[Relation]] = defaultdict(list)
        for relation in relations:
            self.edges[relation.first].append(relation)
            self.edges[relation.second].append(relation)
        self.found: dict[int, list[Block]] = defaultdict(list)
        self.order: dict[int, int] = {}
        self.back: dict[int, int] = {}
        self.stack: list[Relation] = []

    def visit(self, visit: int, came_by: Relation | None) -> None:
        self.order[visit] = self.back[visit] = len(self.order)
        for relation in self.edges[visit]:
            other = relation.other(visit)
            if other not in self.order:
                self._descend(visit, other, relation)
            elif relation is not came_by and self.order[other] < self.order[visit]:
                self.stack.append(relation)
                self.back[visit] = min(self.back[visit], self.order[other])

    def _descend(self, visit: int, other: int, relation: Relation) -> None:
        height = len(self.stack)
        self.stack.append(relation)
        self.visit(other, relation)
        self.back[visit] = min(self.back[visit], self.back[other])
        if self.back[other] >= self.order[visit]:
            inside = tuple(self.stack[height:])
            del self.stack[height:]
            members = {end for each in inside for end in each.ends} - {visit}
            block = Block(top=visit, members=tuple(sorted(members)), relations=inside)
            self.found[visit].append(block)
