"""What a patient means by a short answer to a message."""

import unicodedata
from enum import StrEnum


class Meaning(StrEnum):
    """What somebody asks for by their answer."""

    COME = "come"
    MOVE = "move"
    STOP = "stop"
    START = "start"


WORDS = {
    Meaning.COME: {"c", "confirm", "confirmo", "yes", "y", "si", "ok"},
    Meaning.MOVE: {"m", "move", "mover", "cambiar"},
    # What phone companies take for an end of all messages, in both languages (CTIA's list and
    # "alto"): they let nothing through after these, so nothing else may be made of them.
    Meaning.STOP: {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "alto", "parar"},
    Meaning.START: {"start", "unstop", "empezar"},
}
LONGEST = 40
"""Longer answers are letters to somebody; a program must not guess at them."""


def read(text: str) -> Meaning | None:
    """The meaning of an answer that is one known word and nothing else; None for any other."""
    if len(text) > LONGEST:
        return None
    plain = unicodedata.normalize("NFKD", text.casefold())
    word = "".join(each for each in plain if each.isalpha() or each.isspace()).strip()
    return next((meaning for meaning, words in WORDS.items() if word in words), None)


def number_key(phone: str) -> str:
    """A phone number without what people write between its digits; "" where there is none."""
    digits = "".join(each for each in phone if each.isascii() and each.isdigit())
    return digits.removeprefix("00")
