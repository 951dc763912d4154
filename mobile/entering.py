"""The ways in: each gives the key of a sentence where it did not work, or who has come in."""

from mobile.api_client import ApiClient, Refused, Unreachable

Entered = tuple[str, str]
"""The key of a sentence ("" for all well), and who signed in. Unreachable goes through."""
DEVICE = "Phone app"
JOIN_SAYS = {409: "join.email", 429: "sign-in.too-many"}


def sign_in(client: ApiClient, email: str, password: str) -> Entered:
    """With e-mail and password."""
    try:
        user = client.sign_in(email.strip(), password, device=DEVICE)
    except Refused as refused:
        return "sign-in.too-many" if refused.status == 429 else "sign-in.wrong", ""
    return "", str(user["id"])


def join(client: ApiClient, code: str, email: str, password: str) -> Entered:
    """With the clinic's code."""
    try:
        user = client.join(code.strip(), email.strip(), password, device=DEVICE)
    except Refused as refused:
        return JOIN_SAYS.get(refused.status, "join.wrong"), ""
    return "", str(user["id"])


def forgotten(client: ApiClient, email: str) -> str:
    """A link to a new password was asked for: what to say of it."""
    try:
        client.forgotten(email.strip())
    except Unreachable:
        return "sign-in.offline"
    except Refused as refused:
        return "sign-in.too-many" if refused.status == 429 else "forgotten.mend"
    return "forgotten.sent"
