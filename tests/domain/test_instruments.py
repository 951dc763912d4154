import pytest

from server.domain import instruments
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


def test_a_skipped_item_leaves_no_total_rather_than_a_guessed_one() -> None:
    found = instruments.score(FORMS["phq-9"], {**same(1, 9), "item-4": None})

    assert found is not None
    assert (found.total, found.answered, found.band) == (None, 8, None)


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
