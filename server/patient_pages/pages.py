"""How a patient's page leaves the server: its words, and what it may load and tell."""

from flask import Response, make_response, render_template, request

from server.patient_pages.moments import clock, moment
from server.patient_pages.words import said, visit_name, words_in
from server.services.clinic.help_lines import HelpLine

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; manifest-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def page(
    name: str, language: str, help_line: HelpLine, status: int = 200, **shown: object
) -> Response:
    """A template as a reply."""
    html = render_template(
        f"patient_pages/templates/{name}.html",
        words=words_in(language),
        language=language,
        said=said,
        moment=moment,
        clock=clock,
        visit_name=visit_name,
        help_line=help_line,
        **shown,
    )
    return guarded(make_response(html, status))


def guarded(reply: Response) -> Response:
    """The reply, kept by nobody and telling nobody where the patient was."""
    reply.headers["Content-Security-Policy"] = POLICY
    reply.headers["Referrer-Policy"] = "no-referrer"
    reply.headers["X-Robots-Tag"] = "noindex"
    reply.headers["Cache-Control"] = "no-store"
    return reply


def browsers_language() -> str:
    """What to speak before anybody is known."""
    return request.accept_languages.best_match(["en", "es"]) or "en"
