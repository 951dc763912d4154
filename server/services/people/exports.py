"""All that the clinic keeps of a patient, for the patient: for programs and for reading."""

import io
import json
import zipfile
from datetime import datetime
from html import escape
from typing import Any

from server.persistence import check_ins, contact, people
from server.persistence.transactions import transaction
from server.services.access import Caller, require
from server.services.days import sync
from server.services.freshness import found
from server.services.record import audit

MOST = 10_000
TITLES = {"en": "What your clinic keeps of you", "es": "Lo que su clínica guarda de usted"}
HEAD = (
    '<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
    "<style>body{{font:1.1rem/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}}"
    "dt{{font-weight:600}}dd{{margin:0 0 .5rem 1rem}}</style><h1>{title}</h1>"
)


def of_patient(by: Caller, *, now: datetime) -> bytes:
    """A zip file with the same twice: `my-data.json` and `my-data.html`."""
    kept = document(by, now=now)
    language = str(kept["patient"]["language"])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as whole:
        whole.writestr("my-data.json", json.dumps(kept, ensure_ascii=False, indent=2))
        whole.writestr("my-data.html", _page(kept, language))
    return packed.getvalue()


def document(by: Caller, *, now: datetime) -> dict[str, Any]:
    """The same as one document, in which instants are text."""
    require(by, "me.export")
    plan = sync.today(by, now=now)
    patient_id = by.patient_id or ""
    with transaction():
        patient = found(people.patient(by.clinic_id, patient_id))
        answered, _ = check_ins.of_patient(by.clinic_id, patient_id, page=1, page_size=MOST)
        wishes = contact.preference(by.clinic_id, patient_id)
        kept: dict[str, Any] = {
            "made_at": now,
            "patient": _columns(patient),
            "series": plan["series"],
            "appointments": plan["appointments"],
            "check_ins": [
                {**_columns(row), "response": _columns(row.response) if row.response else None}
                for row in answered
            ],
            "last_ride": plan["last_ride"],
            "how_you_are_written_to": _columns(wishes),
        }
        audit.changed(by, "me.export", now=now, patient_id=patient_id)
        plain: dict[str, Any] = json.loads(json.dumps(kept, default=_plain))
        return plain


def _columns(row: Any) -> dict[str, Any]:
    """What stands in a row, by name."""
    return {name: getattr(row, name) for name in row.__mapper__.column_attrs.keys()}  # noqa: SIM118


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _page(kept: dict[str, Any], language: str) -> str:
    title = TITLES.get(language, TITLES["en"])
    return HEAD.format(language=escape(language), title=title) + _read(kept) + "</html>"


def _read(value: object) -> str:
    """Anything of the document as a list to read; nothing in it can be more than text."""
    if isinstance(value, dict):
        rows = (
            f"<dt>{escape(str(k)).replace('_', ' ')}</dt><dd>{_read(v)}</dd>"
            for k, v in value.items()
        )
        return f"<dl>{''.join(rows)}</dl>"
    if isinstance(value, list):
        return f"<ol>{''.join(f'<li>{_read(each)}</li>' for each in value)}</ol>"
    return "-" if value is None else escape(str(value))


def _name(text: object) -> str:
    return escape(str(text)).replace("_", " ")
