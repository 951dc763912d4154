"""Windows and numbers of a protocol in words, for refusals and for differences of two versions."""

from server.domain.protocol_templates import Which, WindowTemplate
from shared.vocabulary import Edge, WindowUnit

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def plain(number: float | None) -> str:
    """A number as people write it: 3, 0.045, -1; "not set" where there is none."""
    return "not set" if number is None else f"{number:.10g}"


def counted(number: float, noun: str) -> str:
    """ "1 day", "2.5 hours"."""
    return f"{plain(number)} {noun}{'' if number == 1 else 's'}"


def amount(window: WindowTemplate) -> str:
    """How much time a window allows: "24-72 hours", "at least 2 days, ideally 3"."""
    opens, closes = window.opens, window.closes
    if window.before:
        return f"over at least {plain(opens)} {window.unit}" if opens else "over"
    if opens is not None and closes is not None:
        said = _between(opens, closes, window.unit)
    elif opens is not None:
        said = f"at least {_counted(opens, window.unit)}"
    elif closes is not None:
        said = f"at most {_counted(closes, window.unit)}"
    else:
        said = "any time"
    return said if window.target is None else f"{said}, ideally {plain(window.target)}"


def reference(window: WindowTemplate, name: str) -> str:
    """What a window is counted from: "after the end of the same infusion"."""
    which = _which(window.which)
    if window.before:
        return f"before the {which}{name} begins"
    end = "end" if window.edge is Edge.END else "start"
    return f"after the {end} of the {which}{name}"


def _between(opens: float, closes: float, unit: WindowUnit) -> str:
    if opens == closes:
        return f"exactly {_counted(opens, unit)}"
    return f"{plain(opens)}{'-' if opens >= 0 else ' to '}{plain(closes)} {unit}"


def _counted(number: float, unit: WindowUnit) -> str:
    return counted(number, unit.value.removesuffix("s"))


def _which(which: Which | int | None) -> str:
    if which is None or which in (Which.SAME, Which.EACH):
        return ""
    if isinstance(which, Which):
        return f"{which} "
    return f"{ORDINALS[which - 1] if which <= len(ORDINALS) else f'{which}th'} "
