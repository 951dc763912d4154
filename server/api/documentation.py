"""The OpenAPI document and a page to read and try it, served from here and nowhere else."""

from pathlib import Path

from flask import Blueprint, Response, abort, jsonify

from server.api.blueprint import PREFIX

OWN = Path(__file__).parent / "static"
SWAGGER = Path(__file__).parents[1] / "console" / "static" / "vendor" / "swagger-ui"
ASSETS = {
    "swagger-ui-bundle.js": (SWAGGER, "text/javascript"),
    "swagger-ui.css": (SWAGGER, "text/css"),
    "docs.js": (OWN, "text/javascript"),
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
    installed = all((folder / name).exists() for name, (folder, _) in ASSETS.items())
    page = (OWN / ("docs.html" if installed else "docs_missing.html")).read_text("utf-8")
    return Response(page, headers={"Content-Security-Policy": PAGE_POLICY})


def _asset(name: str) -> Response:
    folder, kind = ASSETS.get(name, (OWN, ""))
    if not kind or not (folder / name).exists():
        abort(404)
    kept = {"Cache-Control": "max-age=3600"}
    return Response((folder / name).read_bytes(), mimetype=kind, headers=kept)
