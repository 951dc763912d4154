"""Every page by its name, and what holds for some of them."""

from mobile.screens import calendar, check_ins, entrance, me, messages, today, visits

PAGES: dict[str, type] = {
    "sign-in": entrance.SignInPage,
    "join": entrance.JoinPage,
    "forgotten": entrance.ForgottenPage,
    "pin": entrance.PinPage,
    "help": entrance.HelpPage,
    "quiet": entrance.QuietPage,
    "today": today.TodayPage,
    "visits": visits.VisitsPage,
    "visit": visits.VisitPage,
    "ride": visits.RidePage,
    "move": visits.MovePage,
    "calendar": calendar.CalendarPage,
    "check-ins": check_ins.CheckInsPage,
    "question": check_ins.QuestionPage,
    "sent": check_ins.SentPage,
    "me": me.MePage,
    "messages": messages.MessagesPage,
}
ROOTS = ("today", "visits", "check-ins", "me")
"""Where the places at the bottom lead; there is no way back from them."""
UNTOUCHED = ("quiet", "pin", "ride", "question", "sign-in", "join", "forgotten", "help")
"""Not drawn anew by what comes from the clinic: nothing is taken from under the fingers."""
