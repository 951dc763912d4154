"""Home: one card with what is next, the plan as a path, what needs a look."""

from collections.abc import Iterator

from kivy.uix.widget import Widget

from mobile.screens.page import Page, signed
from mobile.viewmodels.check_ins import AskedView
from mobile.viewmodels.today import HomeView, NoticeCard, TodayModel
from mobile.viewmodels.visits import Duty, VisitView
from mobile.widgets.palette import DUTY_ICONS
from mobile.widgets.pieces import (
    Bead,
    Card,
    Chip,
    Column,
    Hour,
    PathRow,
    Rule,
    Said,
    button,
    card,
    filled,
    heading,
    link,
    noted,
)
from mobile.words import Words


class TodayPage(Page):
    """What a patient sees first."""

    tab = "today"
    two_columns = True

    @property
    def model(self) -> TodayModel:
        """What it shows."""
        return TodayModel(self.app.phone)

    def pieces(self) -> Iterator[Widget]:
        """What needs a look, then the one card of today."""
        home, words = self.model.home(), self.words
        yield heading(words("today.title"))
        yield from (self._notice(each) for each in home.notices)
        if home.said:
            yield card(noted("information-outline", home.said, 17))
        if home.next:
            yield self._next(home.next, home.check_in)
        elif home.check_in:
            yield filled(Card(), self._check_in(home.check_in))

    def aside(self) -> Iterator[Widget]:
        """The series as a path, what will happen at the visit, and how old all this is."""
        home, words = self.model.home(), self.words
        if home.path:
            yield _path(words, home)
        if home.next:
            yield from course(words, home.next)
        if home.updated:
            yield Said(text=home.updated, points=14, soft=True)

    def _next(self, visit: VisitView, asked: AskedView | None) -> Card:
        """In this order: how long until then, what to do, the ride home, coming or not, asked."""
        words = self.words
        said = [
            Said(text=visit.span, points=17, bold=True),
            Said(text=visit.where, points=15, soft=True),
        ]
        made = card(
            Chip(text=visit.countdown),
            signed(self.app.scale, self.app.badge(visit.kind), title(visit.title, 22)),
            filled(Column(), said),
        )
        filled(made, before(words, visit))
        filled(made, answers(self, visit))
        opens = link(
            "file-document-outline", words("visit.open"), lambda: self.app.go("visit", visit.id)
        )
        filled(made, [Rule(), opens])
        if asked:
            filled(made, [Rule(), *self._check_in(asked)])
        return made

    def _check_in(self, asked: AskedView) -> Iterator[Widget]:
        words = self.words
        said = words("check-ins.on-home", title=asked.title)
        yield noted("clipboard-check-outline", said, 17)
        yield Said(text=asked.said, points=14, soft=True)
        start = words("check-ins.go-on" if asked.begun else "check-ins.start")
        yield button(start, lambda: self.app.go("question", asked.id))

    def _notice(self, notice: NoticeCard) -> Card:
        words = self.words
        made = card(noted("information-outline", notice.text, 17), notice=True)
        if notice.reason:
            made.add_widget(Said(text=notice.reason, points=15))
        if self.model.visit(notice.appointment_id):
            look = words("visit.open")
            made.add_widget(button(look, lambda: self.app.go("visit", notice.appointment_id)))
        made.add_widget(button(words("card.seen"), lambda: self.model.seen(notice.change_id)))
        return made


def title(text: str, points: int) -> Said:
    """What stands beside a sign."""
    return Said(text=text, points=points, bold=True, pos_hint={"center_y": 0.5})


def before(words: Words, visit: VisitView) -> Iterator[Widget]:
    """What to do before coming, as the clinic has it."""
    if visit.before:
        yield Rule()
        yield Said(text=words("before.title"), points=16, bold=True)
        yield from duties(words, visit.before)


def duties(words: Words, found: tuple[Duty, ...]) -> Iterator[Widget]:
    """Each with its sign; the clinic's own words are said to be so."""
    yield from (noted(DUTY_ICONS.get(each.code, "circle-small"), each.text) for each in found)
    if any(each.code == "told" for each in found):
        yield Said(text=words("before.as-written"), points=14, soft=True)


def course(words: Words, visit: VisitView) -> Iterator[Widget]:
    """What will happen, by the clock, and what comes after."""
    last = len(visit.happens) - 1
    hours = (
        Hour(at=at, text=said, first=place == 0, last=place == last)
        for place, (at, said) in enumerate(visit.happens)
    )
    yield card(
        Said(text=words("happens.title"), points=17, bold=True), filled(Column(spacing=0), hours)
    )
    if visit.after:
        said = Said(text=words("after.title"), points=17, bold=True)
        yield card(said, *duties(words, visit.after))


def answers(page: Page, visit: VisitView) -> Iterator[Widget]:
    """The ride home, coming or not, and another time."""
    words, app = page.words, page.app
    if visit.ride_needed:
        yield Rule()
        yield noted("car-outline", visit.ride or words("ride.none"))
        ride = words("ride.change" if visit.ride else "ride.choose")
        yield button(ride, lambda: app.go("ride", visit.id))
    told = [said for said in (visit.confirmed, visit.moving) if said]
    if told or visit.may_confirm or visit.may_move:
        yield Rule()
    yield from (noted("check-circle-outline", said) for said in told)
    if visit.may_confirm:
        model = TodayModel(app.phone)
        yield button(words("confirm"), lambda: model.confirm(visit.id), filled=True)
    if visit.may_move:
        yield button(words("move"), lambda: app.go("move", visit.id))


def _path(words: Words, home: HomeView) -> Card:
    row = PathRow()
    for step in home.path:
        done, booked = step.state == "done", step.state == "booked"
        row.add_widget(Bead(number=step.number, done=done, booked=booked, next=step.next))
    said = Said(text=home.path_said, points=18, bold=True)
    over = Said(text=words("path.title"), points=15, soft=True)
    legend = Said(text=words("path.signs"), points=14, soft=True)
    return card(filled(Column(), [over, said]), row, legend)
