"""Ids in what a browser asks for."""

from typing import Any

from flask import url_for

from server.services.refusals import NotFound

ID_LENGTH = 32


def an_id(given: str | None) -> str:
    """What looks like an id; NotFound for anything else."""
    if given is None or len(given) != ID_LENGTH or not given.isalnum() or not given.isascii():
        raise NotFound
    return given


def an_id_if_any(given: str | None) -> str | None:
    """As `an_id`; None where nothing was given."""
    return None if given is None else an_id(given)


def pattern(endpoint: str, name: str) -> str:
    """The address of a page about one thing, with %s where its id goes: pages that name hundreds
    put it together once."""
    nobody = "0" * ID_LENGTH
    ids: dict[str, Any] = {name: nobody}
    return url_for(endpoint, **ids).replace("%", "%%").replace(nobody, "%s")
