"""The questionnaires that may be shipped, each with its source and licence."""

from functools import cache
from pathlib import Path

from server.domain.questionnaires import Questionnaire, read
from server.library.loader import parse

FOLDER = Path(__file__).parent / "forms"


@cache
def questionnaires() -> dict[str, Questionnaire]:
    """Every shipped form by its code."""
    found = [read(parse(path.read_text("utf-8"))) for path in sorted(FOLDER.glob("*.yaml"))]
    return {form.code: form for form in found}
