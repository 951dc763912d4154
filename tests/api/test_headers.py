"""Every reply keeps out of caches, frames and guesses, whatever it says."""

import pytest
from flask.testing import FlaskClient

from tests.cast import Cast

ADDRESSES = ["/healthz", "/api/v1/me", "/api/v1/openapi.json", "/api/v1/docs", "/nothing", "/%00"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_reply_carries_the_safe_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-eval" not in headers["Content-Security-Policy"]


def test_no_other_site_is_let_in(cast: Cast, client: FlaskClient) -> None:
    origin = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}

    for reply in (
        client.get("/api/v1/me", headers={**origin, **cast.ana.headers}),
        client.options("/api/v1/me", headers=origin),
    ):
        assert not [name for name, _ in reply.headers if name.startswith("Access-Control")]
        assert "Set-Cookie" not in reply.headers


def test_without_a_token_one_is_asked_for(client: FlaskClient) -> None:
    bare = client.get("/api/v1/me")
    spoiled = client.get("/api/v1/me", headers={"Authorization": "Bearer " + "x" * 43})

    assert bare.headers["WWW-Authenticate"] == 'Bearer realm="Tandem"'
    assert spoiled.headers["WWW-Authenticate"] == 'Bearer realm="Tandem", error="invalid_token"'


def test_over_https_browsers_are_told_to_stay_there(client: FlaskClient) -> None:
    safe = client.get("/healthz", base_url="https://clinic.example")

    assert "max-age=31536000" in safe.headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in client.get("/healthz").headers


def test_the_api_page_needs_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = client.get("/api/v1/docs")

    assert page.status_code == 200
    assert "://" not in page.text
    for name in ("docs.js", "../static/docs.js", "page", "swagger-ui.css.map"):
        reply = client.get(f"/api/v1/docs/{name}")
        assert reply.status_code == (200 if name == "docs.js" else 404)
