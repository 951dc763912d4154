"""Protocols: what the clinic has, each edition as sentences, and its way into use."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import redirect, request, url_for

from server.console.asking import caller, poster, utc_now
from server.console.pages import staff_page
from server.console.protocols.timeline import timeline
from server.services.access import ACTIONS, Caller
from server.services.protocols import (
    protocol_editions,
    protocol_examples,
    protocol_reviews,
    protocols,
)
from server.services.protocols.protocol_examples import Example
from server.services.refusals import Conflict, Invalid, NotFound, Stale

STALE = "Somebody else changed this edition meanwhile. Look at it again, then decide."
LONGEST = 300_000
NONE_NEEDED = "none-needed"


def listed() -> Any:
    """The clinic's protocols, and the drafts that ship with Tandem."""
    by = caller()
    return list_page(by)


def list_page(by: Caller, status: int = 200, fault: str = "") -> Any:
    """The list; `fault` says why what was asked did not happen."""
    found, _ = protocols.protocols(by, page_size=200)
    here = {each.code for each in found}
    drafts = [each for each in protocols.library(by) if each["code"] not in here]
    return staff_page(
        "protocols/list.html",
        by,
        status,
        here="protocols",
        found=found,
        drafts=drafts,
        may=_may(by),
        fault=fault,
    )


def adopt() -> Any:
    """Take a draft of the library over as the clinic's own."""
    by = poster()
    try:
        row = protocols.adopt(by, request.form.get("code", "")[:100], now=utc_now())
    except Conflict as refused:
        return list_page(by, 409, str(refused))
    return redirect(url_for("console.edition", version_id=row.id), 303)


def show(protocol_id: str) -> Any:
    """One protocol with its editions, the newest first, and what each says otherwise."""
    by = caller()
    found = protocols.versions(by, protocol_id)
    pairs = zip(found, [*found[1:], None], strict=True)
    rows = [
        (row, protocol_reviews.differences(by, older.id, row.id) if older else None)
        for row, older in pairs
    ]
    protocol = protocols.protocol(by, protocol_id)
    return staff_page(
        "protocols/protocol.html", by, here="protocols", protocol=protocol, editions=rows
    )


def edition(version_id: str) -> Any:
    """One edition as sentences, with all that is wrong or open in it."""
    return shown(caller(), version_id)


def act(version_id: str) -> Any:
    """Publish, activate or retire it, as it was seen."""
    step = STEPS.get(request.form.get("step", ""))
    if step is None:
        raise NotFound
    return _done(
        version_id, lambda by, seen: step(by, version_id, expected_version=seen, now=utc_now())
    )


def sign(version_id: str) -> Any:
    """Fill and sign the fields that have a value in the form."""
    fills = {
        name.removeprefix("fill-"): _value(text.strip())
        for name, text in request.form.items()
        if name.startswith("fill-") and text.strip()
    }
    return _done(
        version_id,
        lambda by, seen: protocol_editions.sign(
            by, version_id, fills, expected_version=seen, now=utc_now()
        ),
    )


def write(version_id: str) -> Any:
    """Keep an edited text: in a draft's place, or as the next draft of what is published."""
    text = text_sent()

    def kept(by: Caller, seen: int) -> Any:
        row = protocols.version(by, version_id)
        if row.status == "draft":
            return protocols.replace(by, version_id, text, expected_version=seen, now=utc_now())
        return protocols.add_version(by, row.protocol_id, text, now=utc_now())

    return _done(version_id, kept, text=text)


def text_sent() -> str:
    """The document as it stands in the form."""
    return request.form.get("document", "")[:LONGEST].replace("\r\n", "\n")


def _done(version_id: str, do: Callable[[Caller, int], Any], *, text: str = "") -> Any:
    by, given = poster(), request.form.get("version", "")
    seen = int(given) if given.isdecimal() and len(given) < 10 else 0
    try:
        row = do(by, seen)
    except Stale:
        return shown(by, version_id, 409, faults=[("", STALE)], text=text)
    except Conflict as refused:
        return shown(by, version_id, 409, faults=[("", str(refused))], text=text)
    except Invalid as refused:
        faults = [(each.path.removeprefix("document."), each.reason) for each in refused.faults]
        return shown(by, version_id, 422, faults=faults, text=text)
    return redirect(url_for("console.edition", version_id=row.id), 303)


def shown(
    by: Caller,
    version_id: str,
    status: int = 200,
    *,
    faults: list[tuple[str, str]] | None = None,
    text: str = "",
) -> Any:
    """The edition's page; `text` is what was written and is not kept yet."""
    row = protocols.version(by, version_id)
    parts: dict[str, Any] = {
        "edition": row,
        "protocol": protocols.protocol(by, row.protocol_id),
        "chapters": protocol_reviews.sentences(by, version_id),
        "example": (found := _example(by, text or row.document)),
        "line": timeline([found]) if found.visits else None,
        "open_fields": protocol_reviews.open_fields(by, version_id),
        "obstacles": protocol_reviews.against_activation(by, version_id),
        "text": text or protocol_reviews.as_yaml(by, version_id),
    }
    return staff_page(
        "protocols/edition.html",
        by,
        status,
        here="protocols",
        may=_may(by),
        faults=faults or [],
        none_needed=NONE_NEEDED,
        **parts,
    )


def _example(by: Caller, document: Any) -> Example:
    return protocol_examples.example(by, document, now=utc_now())


def _may(by: Caller) -> set[str]:
    return {name for name, roles in ACTIONS.items() if by.role in roles}


def _value(text: str) -> object:
    """A number or a yes where it is one, otherwise the word itself."""
    if text in ("yes", "no"):
        return text == "yes"
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


STEPS: Mapping[str, Callable[..., Any]] = {
    "publish": protocol_editions.publish,
    "activate": protocol_editions.activate,
    "retire": protocol_editions.retire,
}
