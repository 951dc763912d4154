"""Writing a protocol beside what it makes of an example patient; texts in and out."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for

from server.console.asking import caller, poster, utc_now
from server.console.ids import an_id
from server.console.pages import guarded, staff_page
from server.console.protocols import screen
from server.console.protocols.timeline import timeline
from server.console.sent import attempt
from server.services.access import require
from server.services.protocols import protocol_examples, protocol_reviews, protocols
from server.services.protocols.protocol_examples import Example
from server.services.refusals import NotFound

MOST_BYTES = 400_000


def check(version_id: str) -> Any:
    """What the text in the form comes to: a piece of the page for a script, or all of it."""
    by = poster()
    require(by, "protocols.write")
    text = screen.text_sent()
    if "piece" not in request.form:
        return screen.shown(by, version_id, text=text)
    found = protocol_examples.example(by, text, now=utc_now())
    return guarded(make_response(piece(found)))


def piece(found: Example) -> str:
    """Faults and timeline of an example."""
    line = timeline([found]) if found.visits else None
    return render_template("console/protocols/check.html", example=found, line=line)


def compare(protocol_id: str) -> Any:
    """Two editions: what one says otherwise than the other, and both lived through."""
    by = caller()
    editions = protocols.versions(by, protocol_id)
    ids = [each.id for each in editions]
    newer = an_id(request.args.get("new", ids[0] if ids else None))
    older = an_id(request.args.get("old", _before(editions, newer)))
    if newer not in ids or older not in ids:
        raise NotFound
    pair = [protocols.version(by, each) for each in (older, newer)]
    examples = [protocol_examples.example(by, row.document, now=utc_now()) for row in pair]
    return staff_page(
        "protocols/compare.html",
        by,
        here="protocols",
        protocol=protocols.protocol(by, protocol_id),
        editions=[(row.id, f"Edition {row.number}, {row.status}") for row in editions],
        older=older,
        newer=newer,
        titles=[f"Edition {row.number}" for row in pair],
        changes=protocol_reviews.differences(by, older, newer),
        line=timeline(examples),
        why=[each.why for each in examples if each.why],
    )


def _before(editions: list[Any], newer: str) -> str | None:
    """The active edition, unless it is this one; then the one written before it."""
    others = [each for each in editions if each.id != newer]
    active = [each for each in others if each.activated_at and not each.retired_at]
    return next((each.id for each in [*active, *others]), newer)


def export(version_id: str) -> Response:
    """An edition as a YAML file."""
    by = caller()
    row = protocols.version(by, version_id)
    name = f"{protocols.protocol(by, row.protocol_id).code}-{row.number}.yaml"
    reply = guarded(make_response(protocol_reviews.as_yaml(by, version_id)))
    reply.headers["Content-Type"] = "application/yaml; charset=utf-8"
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply


def bring_in() -> Any:
    """A protocol from a YAML file: a new one, as a draft."""
    by = poster()
    sent = request.files.get("file")
    text = sent.read(MOST_BYTES).decode("utf-8", "replace") if sent else ""
    made: list[str] = []
    outcome = attempt(lambda: made.append(protocols.create(by, text, now=utc_now()).id))
    if outcome.done:
        return redirect(url_for("console.edition", version_id=made[0]), 303)
    why = [outcome.fault] if outcome.status == 409 else []
    why += [f"{path.removeprefix('document.')}: {said}" for path, said in outcome.faults.items()]
    return screen.list_page(by, outcome.status, "; ".join(why[:10]))
