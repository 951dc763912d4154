"""Compiles the functions of this folder, and keeps what was compiled for the next start.

numba notices that a function has changed, but not that one has which it calls from another file. So
whatever was compiled is kept under a name made from all files with compiled code together.
"""

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])
HERE = Path(__file__).parent


def compiled(function: F) -> F:
    """The function as machine code, compiled at its first call or read from an earlier run."""
    return _compiled(function, "never")


def inlined(function: F) -> F:
    """As `compiled`, but put into each function that calls it: for small ones in inner loops."""
    return _compiled(function, "always")


def _compiled(function: F, inline: str) -> F:
    import numba  # it takes a second, which a look at what is kept should not

    folder = kept_in()
    vars(numba.config)["CACHE_DIR"] = "" if folder is None else str(folder)
    compiler: Any = numba.njit
    found: F = compiler(cache=folder is not None, inline=inline, nogil=True)(function)
    return found


def plain(number: int) -> int:
    """A constant to hand on to compiled functions: of a bare number numba makes a type of its own,
    and compiles whatever it is given to once more for it."""
    from numpy import int64

    return cast(int, int64(number))


@cache
def kept_in() -> Path | None:
    """Where compiled code is kept; None where nothing can be written, and each start compiles."""
    texts = [file.read_bytes() for file in sorted(HERE.glob("*.py"))]
    sources = hashlib.sha256(b"\0".join(text for text in texts if _counts(text))).hexdigest()
    personal = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    for folder in (HERE / "__pycache__", personal / "tandem"):
        try:
            (folder / sources[:16]).mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder / sources[:16], os.W_OK):
            return folder / sources[:16]
    return None


def _counts(source: bytes) -> bool:
    """Does compiled code, or the form of what it reads, stand in a file?"""
    return any(each in source for each in (b"@compiled", b"@inlined", b"NamedTuple"))
