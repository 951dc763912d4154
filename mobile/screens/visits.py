"""The list of visits, and one visit whole."""

from collections.abc import Iterator
from functools import partial

from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from mobile.screens.page import Page
from mobile.screens.today import answers, before, course
from mobile.viewmodels import taking
from mobile.viewmodels.today import TodayModel
from mobile.viewmodels.visits import VisitView
from mobile.widgets.palette import KIND_ICONS
from mobile.widgets.pieces import Card, Said, button, card, heading, titled


class VisitsPage(Page):
    """All visits: coming up, then done."""

    tab = "visits"

    def pieces(self) -> Iterator[Widget]:
        """Two lists."""
        model, words = TodayModel(self.app.phone), self.words
        coming, past = model.coming(), model.past()
        yield heading(words("visits.title"))
        if not coming and not past:
            yield card(Said(text=words("visits.none")))
        if coming or past:
            yield button(words("calendar.see"), lambda: self.app.go("calendar"))
        for title, found in (("visits.next", coming), ("visits.past", past)):
            if found:
                yield Said(text=words(title), points=17, bold=True, soft=True)
                yield from (listed(self, each) for each in found)


def listed(page: Page, visit: VisitView) -> Card:
    """A visit in few words, and the way to all of them."""
    made = card(titled(KIND_ICONS[visit.kind], visit.title, 17))
    made.add_widget(Said(text=visit.span, points=15))
    said = visit.moving or visit.confirmed
    made.add_widget(Said(text=said or visit.where, points=14, soft=True))
    made.add_widget(button(page.words("visit.open"), lambda: page.app.go("visit", visit.id)))
    return made


class VisitPage(Page):
    """One visit with all there is to know."""

    tab = "visits"
    about = StringProperty("")
    said = ""

    def on_pre_enter(self, *_: object) -> None:
        """What was saved before is not said again."""
        self.said = ""
        super().on_pre_enter()

    def back_to(self) -> str:
        """To the list."""
        return "visits"

    def pieces(self) -> Iterator[Widget]:
        """When and where, what to do, what will happen, what comes after."""
        visit, words = TodayModel(self.app.phone).visit(self.about), self.words
        if visit is None:
            yield card(Said(text=words("card.gone")))
            return
        yield titled(KIND_ICONS[visit.kind], visit.title, 22)
        yield card(
            Said(text=visit.span, points=17, bold=True),
            Said(text=visit.where, points=15, soft=True),
            *answers(self, visit),
        )
        if visit.before:
            yield card(*before(words, visit))
        yield from course(words, visit)
        if visit.countdown:
            yield from self._taking(visit)

    def _taking(self, visit: VisitView) -> Iterator[Widget]:
        """The visit for the calendar on the telephone."""
        words = self.words
        if self.said:
            yield card(Said(text=self.said), notice=True)
        yield button(words("take.calendar"), lambda: self._take(visit.id))
        yield Said(text=words("take.hint"), points=14, soft=True)

    def _take(self, appointment_id: str) -> None:
        content = taking.calendar_file(self.app.phone, appointment_id)
        self.said = self.app.save(taking.CALENDAR, taking.CALENDAR_KIND, content)
        self.show()


class RidePage(Page):
    """Who takes the patient home; the last name is there already."""

    tab = "visits"
    about = StringProperty("")

    def back_to(self) -> str:
        """To the visit."""
        return "visit"

    def pieces(self) -> Iterator[Widget]:
        """Two fields and one button."""
        from mobile.widgets.pieces import TextRow

        words, model = self.words, TodayModel(self.app.phone)
        name, phone = TextRow(label=words("ride.name")), TextRow(label=words("ride.phone"))
        name.text, phone.text = model.ride_offered(self.about)

        def save() -> None:
            if model.name_ride(self.about, name.text, phone.text):
                self.app.go_back()

        yield heading(words("ride.title"))
        yield Said(text=words("ride.ask"))
        yield name
        yield phone
        yield button(words("save"), save, filled=True)


class MovePage(Page):
    """Up to three other times; one tap takes one."""

    tab = "visits"
    about = StringProperty("")

    def back_to(self) -> str:
        """To the visit."""
        return "visit"

    def on_pre_enter(self, *_: object) -> None:
        """Look for times at once."""
        self.model = self.app.moving(self.about, self.show)
        super().on_pre_enter()
        self.model.look()

    def pieces(self) -> Iterator[Widget]:
        """The present time, then what is on offer."""
        words, visit = self.words, TodayModel(self.app.phone).visit(self.about)
        yield heading(words("move.title"))
        if visit:
            yield Said(text=f"{visit.title}. {words('move.present', when=visit.span)}", soft=True)
        yield Said(text=self.model.said)
        for offer in self.model.offers:
            made = card(titled("calendar-clock-outline", offer.when, 18))
            if offer.others:
                made.add_widget(Said(text=words("move.others", n=len(offer.others)), points=15))
                for each in offer.others:
                    made.add_widget(Said(text=f"• {each}", points=14, soft=True))
            take = words("move.take")
            made.add_widget(button(take, partial(self._take, offer.id), filled=True))
            yield made
        yield button(words("move.keep"), self.app.go_back)

    def _take(self, offer_id: str) -> None:
        self.model.take(offer_id)
        self.app.go_back()
