"""Every word of the patient pages, in easy language. Reading age is kept by a test."""

from collections.abc import Mapping
from datetime import datetime

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "visit": "Your visit",
        "when": "When",
        "where": "Where",
        "leave": "Leave this page",
        "confirm": "I will come",
        "confirmed": "Thank you. We know that you will come.",
        "before": "What to do before",
        "no-food": "No food from",
        "no-drinks": "No clear drinks from",
        "after": "After it",
        "no-drive": "Do not drive until",
        "next-day": "the next day, after a night of sleep",
        "ride": "Somebody must take you home. Who will it be?",
        "ride-name": "Their name",
        "ride-phone": "Their phone number",
        "ride-send": "Tell the clinic",
        "ride-known": "Takes you home",
        "change": "Need another time? Please call the clinic.",
        "form": "A few questions",
        "look-back": "Think of",
        "skip": "You can skip any question.",
        "send": "Send my answers",
        "yes": "Yes",
        "no": "No",
        "thanks": "Thank you. We have your answers.",
        "not-now": "Nobody reads them at once. If you need help now, please call.",
        "done": "You have answered these questions. Thank you.",
        "help": "Need to talk to someone now?",
        "clinic": "The clinic",
        "gone": "This link no longer works",
        "gone-why": "Your visit may have a new time, or the link is old. Please call the clinic.",
        "mend": "Please look at these answers once more.",
        "early": "It is too early for these questions. Please come back later.",
    },
    "es": {
        "visit": "Su cita",
        "when": "Cuándo",
        "where": "Dónde",
        "leave": "Salir de esta página",
        "confirm": "Voy a venir",
        "confirmed": "Gracias. Sabemos que usted vendrá.",
        "before": "Qué hacer antes",
        "no-food": "No comer desde",
        "no-drinks": "No tomar líquidos claros desde",
        "after": "Después",
        "no-drive": "No maneje hasta",
        "next-day": "el día siguiente, después de dormir la noche",
        "ride": "Alguien debe llevarlo a casa. ¿Quién será?",
        "ride-name": "Su nombre",
        "ride-phone": "Su número de teléfono",
        "ride-send": "Avisar a la clínica",
        "ride-known": "Lo lleva a casa",
        "change": "¿Necesita otra hora? Por favor, llame a la clínica.",
        "form": "Unas preguntas",
        "look-back": "Piense en",
        "skip": "Puede saltar cualquier pregunta.",
        "send": "Enviar mis respuestas",
        "yes": "Sí",
        "no": "No",
        "thanks": "Gracias. Tenemos sus respuestas.",
        "not-now": "Nadie las lee al momento. Si necesita ayuda ahora, por favor llame.",
        "done": "Usted ya respondió estas preguntas. Gracias.",
        "help": "¿Necesita hablar con alguien ahora?",
        "clinic": "La clínica",
        "gone": "Este enlace ya no sirve",
        "gone-why": "Su cita puede tener otra hora, o el enlace es viejo. Llame a la clínica.",
        "mend": "Por favor, mire otra vez estas respuestas.",
        "early": "Es pronto para estas preguntas. Vuelva más tarde, por favor.",
    },
}


DAYS: Mapping[str, str] = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
}
MONTHS: Mapping[str, str] = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
}
WRITTEN = {"en": "{day} {date} {month}, {clock}", "es": "{day} {date} de {month}, {clock}"}


def moment(at: datetime, language: str) -> str:
    """A local time in words: "Thursday 26 November, 10:00"."""
    known = language if language in WRITTEN else "en"
    return WRITTEN[known].format(
        day=DAYS[known].split()[at.weekday()],
        date=at.day,
        month=MONTHS[known].split()[at.month - 1],
        clock=f"{at:%H:%M}",
    )


def words_in(language: str) -> Mapping[str, str]:
    """The words of a language, or English."""
    return WORDS.get(language, WORDS["en"])


def said(texts: Mapping[str, str], language: str) -> str:
    """A form's own words in a language, or in the one it was written in."""
    return texts.get(language) or texts.get("en") or ""
