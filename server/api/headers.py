"""Headers of every reply: nothing is kept by browsers, framed, guessed or told onward."""

from flask import Flask, Response, request

ALWAYS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
}
A_YEAR = "max-age=31536000; includeSubDomains"


def attend(app: Flask) -> None:
    """Add them to every reply of this application that does not set its own."""
    app.after_request(_with_headers)


def _with_headers(response: Response) -> Response:
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", A_YEAR)
    return response
