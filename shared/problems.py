"""Every refusal in one shape: RFC 9457 problem details, with each field and each breach named."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CONTENT_TYPE = "application/problem+json"
PREFIX = "urn:tandem:problem:"

TITLES = {
    "bad-request": (400, "The request cannot be read"),
    "not-signed-in": (401, "Sign in first"),
    "not-allowed": (403, "Your role may not do this"),
    "not-found": (404, "There is no such thing here"),
    "method-not-allowed": (405, "This address does not take that method"),
    "not-acceptable": (406, "No such form of reply"),
    "refused": (409, "A rule of the clinic does not allow this"),
    "conflict": (409, "This does not fit what is there already"),
    "stale": (412, "It has changed since you read it"),
    "too-large": (413, "The request is too large"),
    "unsupported-media-type": (415, "Send JSON"),
    "invalid": (422, "Some fields are not as they should be"),
    "key-reused": (422, "This Idempotency-Key was used for something else"),
    "precondition-required": (428, "Say with If-Match which version you are changing"),
    "too-many-attempts": (429, "Too many attempts; wait a little"),
    "internal": (500, "Something went wrong here; it is not your fault"),
    "unavailable": (503, "The database does not answer; try again shortly"),
}


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One thing wrong with what was sent: where, and why."""

    path: str
    reason: str


def problem(
    code: str,
    *,
    detail: str = "",
    errors: Iterable[FieldFault] = (),
    breaches: Iterable[Mapping[str, object]] = (),
) -> dict[str, object]:
    """The body of a refusal. `breaches` are {code, visit, facts, sentence}; never a name."""
    status, title = TITLES[code]
    body: dict[str, object] = {"type": PREFIX + code, "title": title, "status": status}
    if detail:
        body["detail"] = detail
    if found := [{"path": each.path, "reason": each.reason} for each in errors]:
        body["errors"] = found
    if broken := [dict(each) for each in breaches]:
        body["breaches"] = broken
    return body
