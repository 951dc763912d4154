"""The OpenAPI document and a page to read and try it, served from here and nowhere else."""

from pathlib import Path

from flask import Blueprint, Response, abort, jsonify, send_from_directory

from server.api.blueprint import PREFIX

OWN = Path(__file__).parent / "static"
SWAGGER = Path(__file__).parents[1] / "console" / "static" / "vendor" / "swagger-ui"
ASSETS = {
    "swagger-ui-bundle.js": SWAGGER,
    "swagger-ui.css": SWAGGER,
    "docs.js": OWN,
}
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def blueprint(document: dict[str, object]) -> Blueprint:
    """The three addresses; `document` is filled by the time anyone asks."""
    blp = Blueprint("documentation", __name__, url_prefix=PREFIX)
    blp.add_url_rule("/openapi.json", "document", lambda: jsonify(document))
    blp.add_url_rule("/docs", "page", _page)
    blp.add_url_rule("/docs/<name>", "asset", _asset)
    return blp


def _page() -> Response:
    installed = all((folder / name).exists() for name, folder in ASSETS.items())
    page = send_from_directory(OWN, "docs.html" if installed else "docs_missing.html")
    page.headers["Content-Security-Policy"] = PAGE_POLICY
    return page


def _asset(name: str) -> Response:
    if name not in ASSETS:
        abort(404)
    return send_from_directory(ASSETS[name], name)
