"""The patient's way in, on paper: a code, and the same as a picture for a telephone's camera."""

from typing import Any

from flask import url_for
from markupsafe import Markup

from server.console.asking import poster, utc_now
from server.console.pages import staff_page
from server.services.people import caseload
from server.services.sign_ins import invitations, qr


def invite(patient_id: str) -> Any:
    """A new code, shown once; whatever was handed out before no longer works."""
    by, now = poster(), utc_now()
    made = invitations.invite(by, patient_id, now=now)
    address = url_for("patient_pages.my_join_with", code=made.code, _external=True)
    return staff_page(
        "patients/invitation.html",
        by,
        here="patients",
        patient=caseload.stories(by, patient_id, now=now)[0],
        made=made,
        address=address,
        plain=url_for("patient_pages.my_join", _external=True),
        picture=Markup(qr.picture(address)),  # noqa: S704  (made here, of our own address)
    )
