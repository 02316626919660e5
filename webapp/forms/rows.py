"""Answers that come in rows: people, transects, prompts. Each part of a row is an input `name-part`, row after row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from webapp.forms.base import clean
from webapp.rules.codes import CodeList


@dataclass(frozen=True, slots=True)
class Column:
    """One part of a row: its label, its codes or how long words may be; `needed` is the sentence without it."""

    label: str
    codes: CodeList | None = None
    length: int = 120
    needed: str = ""
    hint: str = ""
    autocomplete: str = "off"


class RowsField(Field):
    """Rows of a table, each a mapping of its columns; a row in which nothing was answered is none."""

    MOST = 60

    def __init__(
        self,
        label: str,
        columns: Mapping[str, Column],
        one: str,
        hint: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, description=hint, **kwargs)
        self.columns = columns
        self.one = one
        self.rows: list[dict[str, str]] = []

    @property
    def first_id(self) -> str:
        """The id of the first input, where a link from the error summary leads."""
        return f"{self.id}-{next(iter(self.columns))}-1"

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the rows as they were typed; columns of different lengths are filled up with nothing."""
        self.process_errors: list[str] = []
        self.rows = []
        if formdata is None:
            return
        sent = {name: formdata.getlist(f"{self.name}-{name}") for name in self.columns}
        longest = min(max(map(len, sent.values()), default=0), self.MOST + 1)
        for at in range(longest):
            row = {
                name: (clean(values[at]) or "") if at < len(values) else "" for name, values in sent.items()
            }
            if any(row.values()):
                self.rows.append(row)
        self.process_errors.extend(self._problems())

    def _problems(self) -> Iterator[str]:
        """Refuse rows beyond the most, and in each row what is too long, missing, or on no list."""
        if len(self.rows) > self.MOST:
            yield f"“{self.label.text}” takes up to {self.MOST} entries. Leave some out."
        for number, row in enumerate(self.rows[: self.MOST], 1):
            for name, column in self.columns.items():
                problem = self._problem(column, row[name])
                if problem:
                    yield f"{self.one} {number}: {problem}"

    def _problem(self, column: Column, value: str) -> str | None:
        if not value:
            return column.needed or None
        if column.codes is not None:
            return None if value in column.codes else f"choose “{column.label}” from its list."
        if len(value) > column.length:
            return (
                f"“{column.label}” is {len(value):,} characters long. Shorten it to {column.length} or fewer."
            )
        return None

    def answers(self) -> list[dict[str, str | None]]:
        """Return the rows with None for a code that was not chosen."""
        return [
            {name: row[name] or (None if column.codes else "") for name, column in self.columns.items()}
            for row in self.rows
        ]

    def shown(self, blank: int) -> list[dict[str, str]]:
        """Return the rows with so many empty ones after them, for a page without scripts."""
        return [*self.rows, *(dict.fromkeys(self.columns, "") for _ in range(blank))]

    def words(self) -> str:
        """Return the rows as a reader compares them."""
        return "; ".join(", ".join(self._said(row)) for row in self.rows)

    def _said(self, row: Mapping[str, str]) -> Iterator[str]:
        for name, column in self.columns.items():
            value = row[name]
            if value:
                yield column.codes.label(value) if column.codes and value in column.codes else value


class PromptsField(Field):
    """One answer of a few to each of several questions, with a note: `name-<question>`, `name-<question>_note`."""

    NOTE = 500

    def __init__(
        self, label: str, questions: CodeList, codes: CodeList, hint: str = "", **kwargs: Any
    ) -> None:
        super().__init__(label, description=hint, **kwargs)
        self.questions = questions
        self.codes = codes
        self.given: dict[str, dict[str, str]] = {}

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the answers and notes as they were typed."""
        self.process_errors: list[str] = []
        self.given = {
            question.value: {
                "answer": self._sent(formdata, question.value),
                "note": self._sent(formdata, f"{question.value}_note"),
            }
            for question in self.questions
        }

    def _sent(self, formdata: Any, part: str) -> str:
        return clean(formdata.get(f"{self.name}-{part}")) or "" if formdata is not None else ""

    def pre_validate(self, form: Any) -> None:
        """Refuse an answer that is none, and a note that is too long."""
        for question in self.questions:
            given = self.given[question.value]
            if given["answer"] and given["answer"] not in self.codes:
                raise ValidationError(f"Choose one of the answers for “{question.label}”.")
            if len(given["note"]) > self.NOTE:
                raise ValidationError(
                    f"The note on “{question.label}” is too long. Shorten it to {self.NOTE} characters."
                )

    def answers(self) -> dict[str, dict[str, str | None]]:
        """Return what was answered by question; questions left out are not there."""
        return {
            name: {"answer": given["answer"] or None, "note": given["note"]}
            for name, given in self.given.items()
            if given["answer"] or given["note"]
        }

    def words(self) -> str:
        """Return the answers as a reader compares them."""
        return "; ".join(
            " ".join(filter(None, (question.label, self._label(given["answer"]), given["note"])))
            for question in self.questions
            if any((given := self.given[question.value]).values())
        )

    def _label(self, value: str) -> str:
        return self.codes.label(value) if value in self.codes else value


class TicksField(Field):
    """Any of several things, ticked."""

    def __init__(self, label: str, codes: CodeList, hint: str = "", **kwargs: Any) -> None:
        super().__init__(label, description=hint, **kwargs)
        self.codes = codes
        self.data: Sequence[str] = ()

    def process_data(self, value: Any) -> None:
        """Take the values as they are stored."""
        self.data = tuple(value or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was ticked; the same twice is once."""
        self.data = tuple(dict.fromkeys(valuelist))

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not on the list."""
        if any(value not in self.codes for value in self.data):
            raise ValidationError(f"Tick what applies of “{self.label.text}”.")

    def answers(self) -> list[str]:
        """Return what was ticked, in the order of the list."""
        return [code.value for code in self.codes if code.value in self.data]

    def words(self) -> str:
        """Return what was ticked as a reader compares it."""
        return ", ".join(self.codes.label(value) for value in self.answers() if value in self.codes)
