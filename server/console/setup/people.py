"""Who signs in and as what, and who treats, with what allows them to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import redirect, request, url_for

from server.console.asking import caller, poster, utc_now
from server.console.ids import an_id_if_any
from server.console.pages import staff_page
from server.console.sent import Outcome, attempt, load, seen, text
from server.console.setup import tabs
from server.services.access import ACTIONS, Caller
from server.services.clinic import clinics
from server.services.people import practitioners, users
from server.services.people.practitioners import Credential, NewPractitioner
from server.services.people.users import NewUser, UserChange
from server.services.record import audit
from server.services.refusals import Invalid
from shared.schemas.sign_ins import NewUserSchema
from shared.vocabulary import Role

SOON = timedelta(days=60)
ROLES = tuple((str(r), str(r).replace("_", " ")) for r in Role if r is not Role.PATIENT)
TREAT = tuple((str(role), str(role)) for role in practitioners.CLAIMED_AS)
DONE = {
    "made": "They can sign in now.",
    "changed": "Saved. It holds from their next click on.",
    "added": "Added. Give them hours under Rooms and hours, so that they can be booked.",
    "kept": "Saved.",
    "unfit": "Saved. Some booked visits no longer fit: look for visits to repair.",
}
MOST = 500
MOST_CREDENTIALS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Licence:
    """What allows somebody to treat, and whether it still does."""

    title: str
    expires_on: date | None
    standing: str


def show(outcome: Outcome | None = None) -> Any:
    """Everybody; `outcome` says what became of a form of this page."""
    by = caller()
    may = {name for name, roles in ACTIONS.items() if by.role in roles}
    treating, _ = practitioners.practitioners(by, page_size=MOST)
    return staff_page(
        "setup/people.html",
        by,
        outcome.status if outcome else 200,
        here="clinic",
        tab="people",
        tabs=tabs.of(by),
        may=may,
        users=_staff(by) if "users.manage" in may else (),
        treating=[(row, [_licence(each) for each in row.credentials]) for row in treating],
        pairs=[(row.id, f"{row.title}, {row.role}") for row in treating],
        licence_pairs={
            row.id: [(each.title, each.expires_on) for each in row.credentials] for row in treating
        },
        sites=[("", "every site"), *((site.id, site.title) for site in clinics.sites(by))],
        roles=ROLES,
        treat=TREAT,
        outcome=outcome,
        form=request.form.get("what", "") if outcome else "",
        done=DONE.get(request.args.get("done", ""), ""),
        me=by.user_id,
    )


def _staff(by: Caller) -> list[Any]:
    return sorted(audit.staff(by), key=lambda row: (row.disabled_at is not None, row.email))


def _licence(row: Any) -> Licence:
    today = utc_now().date()
    return Licence(
        title=row.title, expires_on=row.expires_on, standing=_standing(row.expires_on, today)
    )


def _standing(expires_on: date | None, today: date) -> str:
    if expires_on is None:
        return "without an end"
    if expires_on < today:
        return "has ended: they cannot be booked"
    return "ends soon" if expires_on < today + SOON else ""


def _answered(do: Callable[[], object], done: str) -> Any:
    outcome = attempt(do)
    return redirect(url_for("console.people", done=done), 303) if outcome.done else show(outcome)


def make_user() -> Any:
    """Let somebody sign in."""
    by = poster()
    practitioner = an_id_if_any(request.form.get("practitioner_id") or None)

    def made() -> None:
        given = {
            "email": text("email"),
            "password": request.form.get("password", ""),
            "role": _role("role"),
            "practitioner_id": practitioner,
        }
        users.create(by, NewUser(**load(NewUserSchema, given)), now=utc_now())

    return _answered(made, "made")


def _role(name: str) -> Role:
    given = request.form.get(name, "")
    if given not in dict(ROLES):
        raise Invalid.field(name, "Choose one of the roles.")
    return Role(given)


def change_user(user_id: str) -> Any:
    """Give another role or password, shut out, let in again."""
    by, version = poster(), seen()
    step: Mapping[str, Callable[[], UserChange]] = {
        "role": lambda: UserChange(role=_role("role")),
        "password": lambda: UserChange(password=request.form.get("password", "")[:200]),
        "out": lambda: UserChange(disabled=True),
        "in": lambda: UserChange(disabled=False),
    }
    wanted = step.get(request.form.get("step", ""), step["role"])
    return _answered(
        lambda: users.change(by, user_id, wanted(), expected_version=version, now=utc_now()),
        "changed",
    )


def add_practitioner() -> Any:
    """Add somebody who treats."""
    by = poster()
    site_id = an_id_if_any(request.form.get("site_id") or None)

    def added() -> None:
        new = NewPractitioner(
            title=_title(), role=_treats(), site_id=site_id, credentials=_credentials()
        )
        practitioners.create(by, new, now=utc_now())

    return _answered(added, "added")


def _treats() -> Role:
    given = request.form.get("role", "")
    if given not in dict(TREAT):
        raise Invalid.field("role", "Choose one of the roles.")
    return Role(given)


def change_practitioner(practitioner_id: str) -> Any:
    """Another name, other credentials."""
    by, version = poster(), seen()
    affected: list[str] = []

    def changed() -> None:
        done = practitioners.change(
            by,
            practitioner_id,
            title=_title(),
            credentials=_credentials(),
            expected_version=version,
            now=utc_now(),
        )
        affected.extend(done.affected)

    outcome = attempt(changed)
    done = "unfit" if affected else "kept"
    return redirect(url_for("console.people", done=done), 303) if outcome.done else show(outcome)


def _title() -> str:
    if not (given := text("title")):
        raise Invalid.field("title", "Write their name.")
    return given


def _credentials() -> tuple[Credential, ...]:
    titles = request.form.getlist("credential")[:MOST_CREDENTIALS]
    days = request.form.getlist("expires_on")[:MOST_CREDENTIALS]
    pairs = [(" ".join(t.split())[:200], d) for t, d in zip(titles, days, strict=False)]
    kept = [Credential(title=title, expires_on=_day(day)) for title, day in pairs if title]
    if len({each.title for each in kept}) < len(kept):
        raise Invalid.field("credential", "Each may stand there once.")
    return tuple(kept)


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise Invalid.field("expires_on", "Choose a day, or leave it empty.") from None
