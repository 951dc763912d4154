"""What every page of the console promises: its headers, its files, its way of refusing."""

import logging
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.console.week import table
from server.services.refusals import Conflict, Stale, Unavailable
from tests.console.conftest import Browser

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
INLINE = r'style="|<style|<script(?! type="module" src="/static/)|\son\w+='
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def assert_guarded(reply: TestResponse) -> None:
    assert reply.mimetype == "text/html"
    assert reply.headers["Content-Security-Policy"] == POLICY
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["X-Frame-Options"] == "DENY"
    assert reply.headers["Referrer-Policy"] == "same-origin"
    assert not re.search(
        r'style="|<style|<script(?! type="module" src="/static/)|\son\w+=', reply.text
    )


def test_every_page_is_guarded(browser_of: Browser, client: FlaskClient) -> None:
    nora = browser_of("nora")
    pages = {
        "week": (nora.get("/week"), 200),
        "sign-in": (client.get("/sign-in"), 200),
        "refused sign-in": (client.post("/sign-in"), 403),
        "bad day": (nora.get("/week?day=garbage"), 404),
        "patient": (browser_of("pat").get("/week"), 403),
        "missing": (client.get("/nowhere", headers=BROWSER), 404),
        "missing file": (client.get("/static/nothing.css"), 404),
        "wrong method": (client.get("/sign-out", headers=BROWSER), 405),
        "too much": (nora.post("/sign-out", data={"form": "x" * 3_000_000}), 413),
    }

    for name, (reply, status) in pages.items():
        assert (name, reply.status_code) == (name, status)
        assert_guarded(reply)


def test_an_address_that_nobody_serves_is_a_page_to_people_and_a_problem_to_programs(
    client: FlaskClient,
) -> None:
    assert client.get("/nowhere", headers=BROWSER).mimetype == "text/html"
    for reply in (
        client.get("/nowhere"),
        client.get("/nowhere", headers={"Accept": "application/json"}),
        client.get("/api/v1/nowhere", headers=BROWSER),
        client.get("/api/v1/me", headers=BROWSER),
        client.delete("/api/v1/me", headers=BROWSER),
    ):
        assert reply.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "case",
    [
        (ValueError("Robin Example"), 500, "Something went wrong here"),
        (Conflict("taken"), 409, "Somebody else was faster"),
        (Stale(), 409, "Somebody else was faster"),
        (Unavailable(), 503, "cannot reach its records"),
    ],
    ids=["mistake", "conflict", "stale", "unavailable"],
)
def test_whatever_goes_wrong_is_a_page_that_tells_nothing_of_inside(
    case: tuple[Exception, int, str],
    browser_of: Browser,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    error, status, says = case

    def fail(*_args: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr(table, "table", fail)

    with caplog.at_level(logging.INFO):
        reply = browser_of("nora").get("/week")

    assert reply.status_code == status
    assert says in reply.text
    assert_guarded(reply)
    assert "Robin" not in reply.text + caplog.text
    if status == 500:
        number = re.search(r'class="number">([0-9a-f]{8})<', reply.text)[1]
        assert number in caplog.text


def test_the_pages_files_are_kept_as_long_as_they_stay_the_same(client: FlaskClient) -> None:
    page = client.get("/sign-in").text

    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
        with client.get(address) as reply:
            assert reply.status_code == 200
            assert "max-age=31536000" in reply.headers["Cache-Control"]
    with client.get("/static/tokens.css") as reply:
        assert "no-cache" in reply.headers["Cache-Control"]
    assert client.get("/static/../application.py").status_code == 404


def test_the_api_keeps_its_own_headers(app: Flask, client: FlaskClient) -> None:
    reply = client.get("/api/v1/openapi.json")

    assert reply.headers["Referrer-Policy"] == "no-referrer"
    assert not any(path.startswith(("/week", "/sign-in")) for path in reply.json["paths"])
