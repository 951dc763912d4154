"""Answering a form, one question a screen: skip and back always, and nothing lost on the way."""

from dataclasses import dataclass

from mobile.viewmodels.phone import Document, Phone

Answer = int | str | None


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question as it is shown."""

    item_id: str
    kind: str
    number: int
    of: int
    look_back: str
    stem: str
    text: str
    options: tuple[tuple[int, str], ...]
    least: int
    most: int
    ends: tuple[str, ...]
    answer: Answer


class AnsweringModel:
    """One check-in being answered. Every answer is on disk before the next question shows."""

    def __init__(self, phone: Phone, check_in_id: str) -> None:
        self._phone, self.check_in_id = phone, check_in_id
        asked = self._asked()
        self.title = str(asked["title"])
        self._form = phone.document(f"questionnaire:{asked['questionnaire']}") or {"items": []}
        draft = phone.document(self._draft) or {"answers": {}, "at": None}
        self._answers: dict[str, Answer] = dict(draft["answers"])
        self._item: str | None = draft["at"] or self._first()

    @property
    def notice(self) -> str:
        """What the form's licence demands to be shown."""
        return str(self._form.get("notice", ""))

    @property
    def intro(self) -> str:
        """What the form says before its first question."""
        return self._phone.words.of(self._form.get("intro")).strip()

    @property
    def asks_anything(self) -> bool:
        """Whether there is a form at all: it may have been taken back meanwhile."""
        return bool(self._form["items"])

    def question(self) -> Question | None:
        """The present question; None when all have been gone through."""
        items = self._visible()
        ids = [each["id"] for each in items]
        if self._item not in ids:
            return None
        place = ids.index(self._item)
        return self._question(items[place], place + 1, len(items))

    def answer(self, value: Answer) -> None:
        """Keep an answer and go on."""
        if self._item is None:
            return
        self._answers[self._item] = value
        self._go(1)

    def skip(self) -> None:
        """Go on without an answer; one given before is taken back."""
        self.answer(None)

    def back(self) -> bool:
        """To the question before; False from the first one."""
        ids = [each["id"] for each in self._visible()]
        if self._item not in ids:
            self._item = ids[-1] if ids else None
        elif self._item == ids[0]:
            return False
        else:
            self._item = ids[ids.index(self._item) - 1]
        self._keep()
        return True

    def review(self) -> str:
        """How many were answered."""
        items = self._visible()
        answered = sum(self._answers.get(each["id"]) is not None for each in items)
        return self._phone.words("review.text", n=answered, all=len(items))

    @property
    def may_send(self) -> bool:
        """Whether there is anything to send."""
        return any(self._answers.get(each["id"]) is not None for each in self._visible())

    def jot(self, text: str) -> None:
        """What is being written, before "next": it outlives the app too."""
        if self._item is not None and self._answers.get(self._item) != (text or None):
            self._answers[self._item] = text or None
            self._keep()

    def send(self) -> bool:
        """Queue the answers with the time they were given; a draft is no longer needed then.
        False where they could not be kept: the draft stays."""
        visible = {each["id"] for each in self._visible()}
        answers = {item: value for item, value in self._answers.items() if item in visible}
        body = {
            "check_in_id": self.check_in_id,
            "answers": answers,
            "answered_at": self._phone.now().isoformat(timespec="seconds"),
        }
        queued = self._phone.queue("answer", body)
        if queued:
            self._phone.drop(self._draft)
        return queued

    @property
    def _draft(self) -> str:
        return f"draft:{self.check_in_id}"

    def _asked(self) -> Document:
        document = self._phone.document("today") or {}
        found = [each for each in document.get("check_ins", ()) if each["id"] == self.check_in_id]
        return found[0] if found else {"title": "", "questionnaire": ""}

    def _first(self) -> str | None:
        return str(self._form["items"][0]["id"]) if self._form["items"] else None

    def _visible(self) -> list[Document]:
        """Questions that are asked, given what was answered before them."""
        return [
            each
            for each in self._form["items"]
            if not each.get("only_if") or self._answers.get(each["only_if"]) == 1
        ]

    def _go(self, steps: int) -> None:
        ids = [each["id"] for each in self._visible()]
        place = ids.index(self._item) + steps if self._item in ids else 0
        self._item = ids[place] if place < len(ids) else None
        self._keep()

    def _keep(self) -> None:
        at = self._item if self._item is not None else "end"
        self._phone.keep(self._draft, {"answers": self._answers, "at": at})

    def _question(self, item: Document, number: int, of: int) -> Question:
        words = self._phone.words
        period = words.of(self._form.get("look_back"))
        ends = item.get("ends") or {}
        return Question(
            item_id=item["id"],
            kind=item["kind"],
            number=number,
            of=of,
            look_back=words("question.look-back", period=period) if period else "",
            stem=words.of(self._form.get("stem")) if item.get("stem", True) else "",
            text=words.of(item["text"]),
            options=self._options(item),
            least=item.get("least", 0),
            most=item.get("most", 1),
            ends=tuple(ends.get(words.language) or ends.get("en") or ()),
            answer=self._answers.get(item["id"]),
        )

    def _options(self, item: Document) -> tuple[tuple[int, str], ...]:
        words = self._phone.words
        if item["kind"] == "yes-no":
            return (1, words("question.yes")), (0, words("question.no"))
        return tuple((each["value"], words.of(each["text"])) for each in item.get("options") or ())
