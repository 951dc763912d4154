"""The addresses of the API that the phone asks, each once."""

from urllib.parse import quote

PREFIX = "/api/v1"
SIGN_IN = f"{PREFIX}/sign-in"
JOIN = f"{PREFIX}/invitations/accept"
FORGOTTEN = f"{PREFIX}/passwords/forgotten"
SIGN_OUT = f"{PREFIX}/sign-out"
REFRESH = f"{PREFIX}/tokens/refresh"
SIGN_INS = f"{PREFIX}/sign-ins"
ONE_SIGN_IN = f"{PREFIX}/sign-ins/{{sign_in_id}}"
TODAY = f"{PREFIX}/me/today"
EXPORT = f"{PREFIX}/me/export"
WISHES = f"{PREFIX}/patients/{{patient_id}}/wishes"
CONFIRM = f"{PREFIX}/appointments/{{appointment_id}}/confirm"
RIDE = f"{PREFIX}/appointments/{{appointment_id}}/ride"
OFFERS = f"{PREFIX}/appointments/{{appointment_id}}/offers"
MOVES = f"{PREFIX}/appointments/{{appointment_id}}/moves"
QUESTIONNAIRE = f"{PREFIX}/questionnaires/{{code}}"
RESPONSES = f"{PREFIX}/check-ins/{{check_in_id}}/responses"


def fill(pattern: str, **ids: str) -> str:
    """The address for these ids. KeyError where one is lacking."""
    return pattern.format(**{name: quote(value, safe="") for name, value in ids.items()})
