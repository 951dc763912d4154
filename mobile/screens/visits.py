"""The list of visits, and one visit whole."""

from collections.abc import Iterator
from functools import partial

from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from mobile.screens.page import Page, signed
from mobile.screens.today import answers, before, course, title
from mobile.viewmodels import taking
from mobile.viewmodels.today import TodayModel
from mobile.viewmodels.visits import VisitView
from mobile.widgets.pieces import (
    Card,
    Chip,
    Column,
    Icon,
    Said,
    TapCard,
    TextRow,
    button,
    card,
    filled,
    heading,
    link,
    noted,
    tapped,
    titled,
)

LONGEST_PHONE = 80
"""What the clinic takes."""


class VisitsPage(Page):
    """All visits: coming up, then done."""

    tab = "visits"
    two_columns = True

    def pieces(self) -> Iterator[Widget]:
        """What is ahead."""
        model, words = TodayModel(self.app.phone), self.words
        coming, past = model.coming(), model.past()
        yield heading(words("visits.title"))
        if not coming and not past:
            yield card(Said(text=words("visits.none")))
        if coming or past:
            see = words("calendar.see")
            yield link("calendar-month-outline", see, lambda: self.app.go("calendar"))
        yield from self._group("visits.next", coming)

    def aside(self) -> Iterator[Widget]:
        """What is done."""
        yield from self._group("visits.past", TodayModel(self.app.phone).past())

    def _group(self, name: str, found: list[VisitView]) -> Iterator[Widget]:
        if found:
            yield Said(text=self.words(name), points=17, bold=True, soft=True)
            yield from (listed(self, each) for each in found)


def listed(page: Page, visit: VisitView) -> Card:
    """A visit in few words; the whole card leads to all of them."""
    told = visit.moving or visit.confirmed
    said = [
        Said(text=visit.title, points=17, bold=True),
        Said(text=visit.span, points=15),
        Said(text=visit.where, points=14, soft=True),
    ]
    if told:
        said.append(noted("check-circle-outline", told, 14))
    more = Icon(icon="chevron-right", points=24, soft=True, pos_hint={"center_y": 0.5})
    row = signed(page.app.scale, page.app.badge(visit.kind), filled(Column(), said), more)
    opens = f"{page.words('visit.open')}: {visit.title}"
    made = tapped(TapCard(text=opens), lambda: page.app.go("visit", visit.id))
    return filled(made, [row])


class VisitPage(Page):
    """One visit with all there is to know."""

    tab = "visits"
    two_columns = True
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
        """When and where, and what to do."""
        visit, words = TodayModel(self.app.phone).visit(self.about), self.words
        if visit is None:
            yield card(noted("information-outline", words("card.gone")))
            return
        yield signed(self.app.scale, self.app.badge(visit.kind), title(visit.title, 24))
        when = [Said(text=visit.span, points=17, bold=True)]
        when.append(Said(text=visit.where, points=15, soft=True))
        chip = [Chip(text=visit.countdown)] if visit.countdown else []
        made = card(*chip, filled(Column(), when))
        yield filled(made, (*before(words, visit), *answers(self, visit)))

    def aside(self) -> Iterator[Widget]:
        """What will happen, what comes after, and the visit to take along."""
        if visit := TodayModel(self.app.phone).visit(self.about):
            yield from course(self.words, visit)
            if visit.countdown:
                yield from self._taking(visit)

    def _taking(self, visit: VisitView) -> Iterator[Widget]:
        """The visit for the calendar on the telephone."""
        words = self.words
        if self.said:
            yield card(noted("check-circle-outline", self.said), notice=True)
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
        words, model = self.words, TodayModel(self.app.phone)
        name = TextRow(label=words("ride.name"))
        phone = TextRow(label=words("ride.phone"), longest=LONGEST_PHONE)
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
            said = [Said(text=visit.title, points=17, bold=True)]
            said.append(Said(text=words("move.present", when=visit.span), points=15, soft=True))
            yield signed(self.app.scale, self.app.badge(visit.kind), filled(Column(), said))
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
