"""A form that was sent after its sender had been signed out is shown to them once they are back."""

from typing import Any

from flask import Response, redirect, request, url_for

from server.console import cookies, forms
from server.console.asking import caller, poster, utc_now
from server.console.pages import guarded, staff_page
from server.services.sign_ins import kept_forms

NAVIGATES = ("", "navigate")
"""What a browser says of a form a person sent; what a page asks by itself is not kept."""


def keep() -> bool:
    """Keep the form of this request, if it is one of ours and a person sent it."""
    browser_id = cookies.read(cookies.SIGN_IN)
    if request.files or request.headers.get("Sec-Fetch-Mode", "") not in NAVIGATES:
        return False
    try:
        forms.require_own(browser_id)
    except forms.ForeignForm:
        return False
    typed = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != forms.FIELD and "password" not in name
    ]
    return kept_forms.keep(browser_id, request.full_path.rstrip("?"), typed, now=utc_now())


def show() -> Any:
    """What was typed, to be sent now or thrown away."""
    by = caller()
    found = kept_forms.of(by, now=utc_now())
    if found is None:
        return redirect(url_for("console.first"), 303)
    shown = [(name.replace("_", " "), value) for name, value in found.fields if value.strip()]
    return staff_page("templates/kept.html", by, here="", typed=shown, fields=found.fields)


def send() -> Any:
    """Send it on, as it was typed: 307 has the browser send the same form again."""
    by = poster()
    found = kept_forms.of(by, now=utc_now())
    kept_forms.drop(by)
    return redirect(found.address, 307) if found else redirect(url_for("console.first"), 303)


def drop() -> Any:
    """Throw it away."""
    kept_forms.drop(poster())
    return redirect(url_for("console.first"), 303)


def stay() -> Any:
    """Somebody is still there."""
    caller()
    return guarded(Response(status=204))
