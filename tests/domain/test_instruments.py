import pytest

from server.domain import instruments
from server.domain.instruments import Limits
from server.library.questionnaires import questionnaires

FORMS = questionnaires()


def same(value: int, count: int) -> dict[str, instruments.Answer]:
    return {f"item-{number}": value for number in range(1, count + 1)}


@pytest.mark.parametrize(
    ("code", "items", "most"), [("pcl-5", 20, 80), ("phq-9", 9, 27), ("gad-7", 7, 21)]
)
def test_a_form_adds_up_to_what_its_source_says(code: str, items: int, most: int) -> None:
    form = FORMS[code]
    highest = max(option.value for option in form.items[0].options)

    found = instruments.score(form, same(highest, items))

    assert found is not None
    assert (found.total, found.answered, found.of) == (most, items, items)
    assert form.scoring is not None
    assert form.scoring.most == most


def test_the_clusters_of_the_pcl_5_have_their_published_maxima() -> None:
    found = instruments.score(FORMS["pcl-5"], same(4, 20))

    assert found is not None
    assert list(found.clusters.values()) == [20, 8, 28, 24]


def test_the_pcl_5_has_no_severity_bands_because_none_are_published() -> None:
    found = instruments.score(FORMS["pcl-5"], same(3, 20))

    assert found is not None
    assert found.band is None


@pytest.mark.parametrize(
    ("endorsed", "expected"),
    [
        ([1, 6, 8, 9, 15, 16], True),
        ([6, 8, 9, 15, 16], False),
        ([1, 8, 9, 15, 16], False),
        ([1, 6, 8, 15, 16], False),
        ([1, 6, 8, 9, 15], False),
    ],
)
def test_a_provisional_finding_needs_one_one_two_and_two(
    endorsed: list[int], expected: bool
) -> None:
    answers = same(0, 20) | {f"item-{number}": 2 for number in endorsed}

    found = instruments.score(FORMS["pcl-5"], answers)

    assert found is not None
    assert found.provisional is expected


@pytest.mark.parametrize("code", ["pcl-5", "gad-7"])
def test_a_skipped_item_leaves_no_total_where_no_source_says_how_to_fill_it(code: str) -> None:
    form = FORMS[code]

    found = instruments.score(form, {**same(1, len(form.items)), "item-4": None})

    assert found is not None
    assert (found.total, found.band) == (None, None)


@pytest.mark.parametrize(("skipped", "total"), [([4], 9), ([4, 9], 9), ([1, 2, 3], None)])
def test_up_to_two_skipped_items_of_the_phq_9_count_as_the_mean_of_the_others(
    skipped: list[int], total: int | None
) -> None:
    answers = same(1, 9) | {f"item-{number}": None for number in skipped}

    found = instruments.score(FORMS["phq-9"], answers)

    assert found is not None
    assert (found.total, found.answered) == (total, 9 - len(skipped))


def test_half_a_point_of_a_filled_total_is_rounded_up() -> None:
    found = instruments.score(FORMS["phq-9"], same(2, 4) | same(0, 0) | {"item-5": 2, "item-6": 1})
    assert found is not None
    assert found.total is None  # three were skipped

    answers = {**same(1, 8), "item-1": 3, "item-2": 3}  # 12 of eight, and one as 1.5
    filled = instruments.score(FORMS["phq-9"], answers)
    assert filled is not None
    assert filled.total == 14


def test_whoever_skips_items_is_seen_by_what_they_did_answer() -> None:
    high = {**same(3, 7)}  # 21 of at most 27, two skipped and the total filled
    lower_bound = {**same(3, 6), "item-7": 2}

    assert "score-high" in codes("phq-9", high)
    assert "score-high" in codes("phq-9", {**lower_bound, "item-8": None, "item-9": None})
    assert "score-rose" in codes("pcl-5", same(3, 19), last_total=40)
    assert "score-rose" not in codes("pcl-5", same(2, 19), last_total=40)


def codes(code: str, answers: dict[str, instruments.Answer], **more: object) -> list[str]:
    form = FORMS[code]
    asked = {"total": None, "last_total": None} | more
    return [rule.code for rule in instruments.alerts(form, answers, **asked)]


def test_a_clinics_own_limits_hold_instead_of_suggestions_and_of_nothing_published() -> None:
    strict, loose = Limits(rise=5, side_effects=4), Limits(rise=30, side_effects=10)
    strong, died = {"headache": 8}, {"urges": 1}

    assert codes("own-next-day", {"headache": 4}, limits=strict) == ["side-effects-strong"]
    assert codes("own-next-day", strong, limits=loose) == []
    assert "thoughts-of-death" in codes("own-next-day", died, limits=loose)
    assert codes("phq-9", {"item-9": 1}, limits=loose) == ["thoughts-of-death"]
    assert codes("pcl-5", {}, total=45, last_total=40, limits=strict) == ["score-rose"]
    assert codes("pcl-5", {}, total=65, last_total=40, limits=loose) == []


@pytest.mark.parametrize(
    ("total", "band"),
    [(0, "minimal"), (4, "minimal"), (5, "mild"), (10, "moderate"), (15, "moderately severe")],
)
def test_the_phq_9_is_called_what_its_bands_call_it(total: int, band: str) -> None:
    answers = same(0, 9)
    for number in range(1, total + 1):
        place = f"item-{(number - 1) % 8 + 1}"
        answers[place] = int(answers[place] or 0) + 1

    found = instruments.score(FORMS["phq-9"], answers)

    assert found is not None
    assert (found.total, found.band) == (total, band)


def test_thoughts_of_death_are_seen_even_where_everything_else_was_skipped() -> None:
    found = instruments.alerts(FORMS["phq-9"], {"item-9": 1}, total=None, last_total=None)

    assert [rule.code for rule in found] == ["thoughts-of-death"]
    assert found[0].help_line


@pytest.mark.parametrize(
    ("before", "now", "met"),
    [
        (30, 40, True),
        (30, 39, False),
        (None, 80, False),
    ],
)
def test_a_rise_of_ten_points_since_the_last_time_is_seen(
    before: int | None, now: int, met: bool
) -> None:
    found = instruments.alerts(FORMS["pcl-5"], {}, total=now, last_total=before)

    assert bool(found) is met


def test_nobody_asked_about_an_event_they_never_had_scores_nothing() -> None:
    found = instruments.score(FORMS["pc-ptsd-5"], {"exposure": 0})

    assert found is not None
    assert found.total == 0


def test_a_change_is_named_by_its_published_threshold_and_no_other() -> None:
    form = FORMS["pcl-5"]

    assert instruments.change(form, 30, 39) == []
    assert len(instruments.change(form, 30, 40)) == 1
    assert len(instruments.change(form, 30, 48)) == 3


@pytest.mark.parametrize("answer", [-1, 5, "3", True])
def test_an_answer_outside_its_item_is_refused_by_name(answer: instruments.Answer) -> None:
    [fault] = instruments.faults(FORMS["pcl-5"], {"item-3": answer})

    assert fault.path == "answers.item-3"


def test_every_shipped_form_names_its_licence_and_a_source() -> None:
    for form in FORMS.values():
        assert form.notice
        assert form.sources
        assert form.terms in ("public domain", "permission-free") or form.code.startswith("own-")


def test_no_form_is_shipped_that_may_not_be() -> None:
    assert set(FORMS) == {"pcl-5", "pc-ptsd-5", "phq-9", "gad-7", "own-next-day"}
