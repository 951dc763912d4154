"""The page of an impact. Looking changes nothing; what is applied is exactly what was shown."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from server.console.asking import caller, poster, utc_now
from server.console.clock import instant_words
from server.console.ids import an_id
from server.console.pages import staff_page
from server.console.patients.planning import said
from server.services.access import Caller
from server.services.people import patients
from server.services.protocols import migrations, protocol_impact, protocols
from server.services.refusals import Conflict, Invalid, Refused, Stale

STALE = (
    "Something changed since this was shown, so nothing was done. Look again, then decide: the "
    "page shows how things stand now."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One series that would be carried over."""

    id: str
    patient_id: str
    name: str
    edition: int
    changes: tuple[tuple[str, str, str], ...]
    """Visit, its time now, its time then; those that keep theirs are left out."""
    late: tuple[str, ...]

    @property
    def short(self) -> str:
        """In a few words."""
        if not self.changes:
            return "nothing moves"
        many = len(self.changes)
        return "1 visit changes" if many == 1 else f"{many} visits change"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stays:
    """One series that cannot be carried over."""

    patient_id: str
    name: str
    edition: int
    reasons: tuple[str, ...]


def show(version_id: str) -> Any:
    """What this page is for, before anything was looked at."""
    return _page(caller(), version_id)


def look(version_id: str) -> Any:
    """Look what would happen to all that run, or to the chosen ones."""
    by = poster()
    chosen = [an_id(each) for each in request.form.getlist("series")]
    if "only" in request.form and not chosen:
        return _page(by, version_id, 422, fault="Choose at least one series, or look at all.")
    return _looked(by, version_id, set(chosen) or None)


def _looked(
    by: Caller, version_id: str, only: set[str] | None, status: int = 200, fault: str = ""
) -> Any:
    try:
        row = protocol_impact.preview(by, version_id, only=only, now=utc_now())
    except Conflict as refused:
        return _page(by, version_id, 409, fault=str(refused))
    except Invalid as refused:
        return _page(by, version_id, 422, fault="; ".join(f.reason for f in refused.faults))
    return _page(by, version_id, status, impact_id=row.id, body=row.body, fault=fault)


def apply(version_id: str) -> Any:
    """Carry over exactly what was shown. Other series chosen than shown: these are shown first."""
    by, impact_id = poster(), an_id(request.form.get("impact"))
    try:
        row = migrations.apply(by, impact_id, now=utc_now())
    except Stale:
        return _page(by, version_id, 409, fault=STALE)
    except Conflict as refused:
        return _page(by, version_id, 409, fault=str(refused))
    except Refused as refused:
        return _page(by, version_id, 409, fault=" ".join(("Nothing was changed.", *said(refused))))
    counts: Any = row.body["counts"]
    done = f"{counts['series']} series go on by this edition, exactly as shown."
    told = "Patients whose visits have other times are told." if counts["moved"] else ""
    return _page(by, version_id, done=f"{done} {told}".strip())


def _page(
    by: Caller,
    version_id: str,
    status: int = 200,
    *,
    impact_id: str = "",
    body: Mapping[str, Any] | None = None,
    fault: str = "",
    done: str = "",
) -> Any:
    edition = protocols.version(by, version_id)
    active = edition.activated_at is not None and edition.retired_at is None
    number, protocol_id = edition.number, edition.protocol_id
    return staff_page(
        "impacts/impact.html",
        by,
        status,
        here="protocols",
        version_id=version_id,
        number=number,
        protocol=protocols.protocol(by, protocol_id),
        active=active,
        impact_id=impact_id,
        summary=body["summary"] if body else (),
        series=sorted(_series(by, body), key=_most_first) if body else [],
        stays=list(_stays(by, body)) if body else [],
        looked=body is not None,
        fault=fault,
        done=done,
    )


def _most_first(series: Series) -> tuple[int, str]:
    return -len(series.changes), series.name


def _names(by: Caller, about: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return patients.named(by, [each["patient_id"] for each in about], now=utc_now())


def _series(by: Caller, body: Mapping[str, Any]) -> Iterator[Series]:
    names = _names(by, body["series"])
    for each in body["series"]:
        yield Series(
            id=each["series_id"],
            patient_id=each["patient_id"],
            name=names.get(each["patient_id"], ""),
            edition=each["edition"],
            changes=tuple(_changes(each)),
            late=tuple(code.replace("-", " ") for code in each["late"]),
        )


def _changes(series: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for each in series["visits"]:
        title, then = each["visit"].replace("-", " "), instant_words(each["starts_at"])
        if each["previous"] is None:
            yield title, "no time", then
        elif each["moves"]:
            before = instant_words(each["previous"])
            yield title, before, then if then != before else "the same time, with somebody else"
    for each in series["gone"]:
        yield each["visit"].replace("-", " "), instant_words(each["starts_at"]), "cancelled"


def _stays(by: Caller, body: Mapping[str, Any]) -> Iterator[Stays]:
    names = _names(by, body["unresolved"])
    for each in body["unresolved"]:
        reasons = (str(why.get("text") or why.get("sentence") or "") for why in each["reasons"])
        yield Stays(
            patient_id=each["patient_id"],
            name=names.get(each["patient_id"], ""),
            edition=each["edition"],
            reasons=tuple(filter(None, reasons)),
        )
