"""An infusion's day goes one step at a time, and one back where somebody pressed too soon."""

from itertools import pairwise, product

from server.domain import stages
from shared.vocabulary import Stage


def test_every_stage_leads_to_the_next_and_back() -> None:
    for one, other in pairwise(Stage):
        assert stages.following(one) is other
        assert stages.before(other) is one
        assert stages.against(one, other, "infusion-1") == []
        assert stages.against(other, one, "infusion-1") == []


def test_nothing_is_passed_over() -> None:
    near = {*pairwise(Stage), *((b, a) for a, b in pairwise(Stage))}
    for now, then in product(Stage, Stage):
        if (now, then) not in near:
            found = stages.against(now, then, "infusion-1")
            assert [each.facts["after"] for each in found] == [then.value]


def test_the_first_has_none_before_it_and_the_last_none_after() -> None:
    assert stages.before(Stage.ARRIVED) is None
    assert stages.following(Stage.READY) is None
