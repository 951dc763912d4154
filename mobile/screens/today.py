"""Home: one card with what is next, the plan as a path, what needs a look."""

from collections.abc import Iterator

from kivy.uix.widget import Widget

from mobile.screens.page import Page
from mobile.viewmodels.today import HomeView, NoticeCard, Step, TodayModel
from mobile.viewmodels.visits import VisitView
from mobile.widgets.palette import KIND_ICONS
from mobile.widgets.pieces import Card, Icon, PathRow, Said, button, card, heading, titled
from mobile.words import Words


class TodayPage(Page):
    """What a patient sees first."""

    tab = "today"

    @property
    def model(self) -> TodayModel:
        """What it shows."""
        return TodayModel(self.app.phone)

    def pieces(self) -> Iterator[Widget]:
        """The card, then all else."""
        home, words = self.model.home(), self.words
        yield heading(words("today.title"))
        yield from (self._notice(each) for each in home.notices)
        if home.next:
            yield self._next(home.next)
        if home.said:
            yield card(Said(text=home.said))
        yield from self._check_in(home)
        if home.path:
            yield _path(words, home)
        if home.next:
            yield from course(words, home.next)
        yield Said(text=home.updated, points=13, soft=True)

    def _next(self, visit: VisitView) -> Card:
        words = self.words
        made = card(Said(text=visit.countdown, points=15, bold=True, soft=True))
        made.add_widget(titled(KIND_ICONS[visit.kind], visit.title, 21))
        made.add_widget(Said(text=visit.span, points=17))
        made.add_widget(Said(text=visit.where, points=15, soft=True))
        for each in before(words, visit):
            made.add_widget(each)
        for each in answers(self, visit):
            made.add_widget(each)
        made.add_widget(button(words("visit.open"), lambda: self.app.go("visit", visit.id)))
        return made

    def _check_in(self, home: HomeView) -> Iterator[Widget]:
        asked = home.check_in
        if asked is None:
            return
        words = self.words
        start = words("check-ins.go-on" if asked.begun else "check-ins.start")
        yield card(
            titled("clipboard-check-outline", words("check-ins.on-home", title=asked.title), 17),
            Said(text=asked.said, points=14, soft=True),
            button(start, lambda: self.app.go("question", asked.id)),
        )

    def _notice(self, notice: NoticeCard) -> Card:
        words = self.words
        made = card(Said(text=notice.text, points=17, bold=True), notice=True)
        if notice.reason:
            made.add_widget(Said(text=notice.reason, points=15))
        if self.model.visit(notice.appointment_id):
            look = words("visit.open")
            made.add_widget(button(look, lambda: self.app.go("visit", notice.appointment_id)))
        made.add_widget(button(words("card.seen"), lambda: self.model.seen(notice.change_id)))
        return made


def before(words: Words, visit: VisitView) -> Iterator[Widget]:
    """What to do before coming, as the clinic has it."""
    if visit.before:
        yield Said(text=words("before.title"), points=16, bold=True)
        yield from (Said(text=f"• {each}", points=16) for each in visit.before)


def course(words: Words, visit: VisitView) -> Iterator[Widget]:
    """What will happen, by the clock, and what comes after."""
    happens = (Said(text=each, points=16) for each in visit.happens)
    yield card(Said(text=words("happens.title"), bold=True), *happens)
    if visit.after:
        after = (Said(text=each) for each in visit.after)
        yield card(Said(text=words("after.title"), bold=True), *after)


def answers(page: Page, visit: VisitView) -> Iterator[Widget]:
    """The ride home, coming or not, and another time."""
    words, app = page.words, page.app
    if visit.ride_needed:
        yield titled("car-outline", visit.ride or words("ride.none"), 15)
        ride = words("ride.change" if visit.ride else "ride.choose")
        yield button(ride, lambda: app.go("ride", visit.id))
    for said in (visit.confirmed, visit.moving):
        if said:
            yield titled("check-circle-outline", said, 15)
    if visit.may_confirm:
        model = TodayModel(app.phone)
        yield button(words("confirm"), lambda: model.confirm(visit.id), filled=True)
    if visit.may_move:
        yield button(words("move"), lambda: app.go("move", visit.id))


def _path(words: Words, home: HomeView) -> Card:
    row = PathRow()
    for step in home.path:
        row.add_widget(Icon(icon=_sign(step), points=22, soft=step.state == "due"))
    said = Said(text=home.path_said, points=15, soft=True)
    return card(Said(text=words("path.title"), points=17, bold=True), row, said)


def _sign(step: Step) -> str:
    return "check-circle" if step.state == "done" else KIND_ICONS[step.kind]
