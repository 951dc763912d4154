"""Scores forms, and says which answers a clinician must see today.

Facts and their evidence: clinical/protocols.md, section 2.2. A total is given only where every
scored item was answered, or where a source says how many may be filled and how (the PHQ-9: NHS Data
Dictionary); for the others no rule was found, so none is invented. What must be seen today is
judged by the sum of what was answered, which a skipped item could only raise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from server.domain.faults import Fault
from server.domain.questionnaires import LONGEST_NOTE, AlertRule, Item, Questionnaire
from shared.vocabulary import Evidence, ItemKind

Answer = int | str | None
Answers = Mapping[str, Answer]
"""By item; None was skipped. Yes is 1, no is 0."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """A clinic's own limits instead of Tandem's suggestions (evidence D); what is published stays.
    `rise`: by how many points a total may rise; `side_effects`: how strong one may be, of 10."""

    rise: int | None = None
    side_effects: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """What answers add up to. `total` is None where too many scored items were skipped;
    `provisional` only where the form has clusters; `band` only where bands are published."""

    total: int | None
    answered: int
    of: int
    clusters: Mapping[str, int | None]
    provisional: bool | None
    band: str | None


def faults(form: Questionnaire, answers: Answers) -> list[Fault]:
    """Every answer that does not fit its item, by path."""
    found = []
    for item_id, answer in answers.items():
        item = form.item(item_id)
        if item is None:
            found.append(Fault(path=f"answers.{item_id}", reason="is not asked in this form"))
        elif reason := _against(item, answer):
            found.append(Fault(path=f"answers.{item_id}", reason=reason))
    return found


def _against(item: Item, answer: Answer) -> str | None:
    if answer is None:
        return None
    if item.kind is ItemKind.TEXT:
        fits = isinstance(answer, str) and len(answer) <= LONGEST_NOTE
        return None if fits else f"must be text of at most {LONGEST_NOTE} characters"
    whole = isinstance(answer, int) and not isinstance(answer, bool)
    if whole and item.least <= int(answer) <= item.most:
        return None
    return f"must be a whole number from {item.least} to {item.most}"


def score(form: Questionnaire, answers: Answers) -> Score | None:
    """The score of a form that has one. An item asked only after a yes counts 0 after a no."""
    if form.scoring is None:
        return None
    values = [_value(item, answers) for item in form.items if item.scored]
    total = _sum(values, form.scoring.fillable)
    return Score(
        total=total,
        answered=sum(value is not None for value in values),
        of=len(values),
        clusters={c.code: _sum(values[c.first - 1 : c.last]) for c in form.scoring.clusters},
        provisional=_provisional(form, values),
        band=_band(form, total),
    )


def _value(item: Item, answers: Answers) -> int | None:
    if item.only_if and answers.get(item.only_if) == 0:
        return 0
    found = answers.get(item.id)
    return found if isinstance(found, int) else None


def _sum(values: list[int | None], fillable: int = 0) -> int | None:
    """Up to so many missing values count as the mean of the others; a half is rounded up."""
    known = [value for value in values if value is not None]
    if not known or len(values) - len(known) > fillable:
        return None
    return (2 * sum(known) * len(values) + len(known)) // (2 * len(known))


def _provisional(form: Questionnaire, values: list[int | None]) -> bool | None:
    scoring = form.scoring
    if scoring is None or not scoring.clusters or _sum(values) is None:
        return None
    least = scoring.endorsed_from or 0
    return all(
        sum((value or 0) >= least for value in values[c.first - 1 : c.last]) >= c.needed
        for c in scoring.clusters
    )


def _band(form: Questionnaire, total: int | None) -> str | None:
    if form.scoring is None or total is None:
        return None
    reached = [band.title for band in form.scoring.bands if total >= band.least]
    return reached[-1] if reached else None


def alerts(
    form: Questionnaire,
    answers: Answers,
    *,
    total: int | None,
    last_total: int | None,
    limits: Limits = Limits(),
) -> list[AlertRule]:
    """Every rule of the form that these answers meet; `last_total` is that of the last time. Where
    there is no `total`, the sum of what was answered counts: it could only be more."""
    least = _least(form, answers) if total is None else total
    rules = [_limited(rule, limits) for rule in form.alerts]
    return [rule for rule in rules if _meets(rule, answers, least, last_total)]


def _least(form: Questionnaire, answers: Answers) -> int | None:
    if form.scoring is None:
        return None
    found = [_value(item, answers) for item in form.items if item.scored]
    return sum(value for value in found if value is not None)


SIDE_EFFECTS = "side-effects-strong"


def _limited(rule: AlertRule, limits: Limits) -> AlertRule:
    if rule.evidence is not Evidence.DERIVED:
        return rule
    if rule.rise_at_least is not None and limits.rise is not None:
        return replace(rule, rise_at_least=limits.rise)
    if rule.code == SIDE_EFFECTS and limits.side_effects is not None:
        return replace(rule, at_least=limits.side_effects)
    return rule


def _meets(rule: AlertRule, answers: Answers, total: int | None, last_total: int | None) -> bool:
    if rule.at_least is not None:
        found = [answers.get(item) for item in rule.items]
        return any(isinstance(value, int) and value >= rule.at_least for value in found)
    if total is None:
        return False
    if rule.total_at_least is not None:
        return total >= rule.total_at_least
    return last_total is not None and total - last_total >= (rule.rise_at_least or 0)


def change(form: Questionnaire, total: int | None, baseline: int | None) -> list[str]:
    """Which published thresholds of change the difference to a baseline reaches, either way."""
    if form.scoring is None or total is None or baseline is None:
        return []
    points = abs(total - baseline)
    return [each.means for each in form.scoring.changes if points >= each.points]
