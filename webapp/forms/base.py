"""What all forms share: CSRF, errors in the order of the page, and text that no database refuses."""

import re
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import Field, HiddenField, MultipleFileField, StringField, TextAreaField
from wtforms.csrf.core import CSRFTokenField
from wtforms.fields.core import Label, UnboundField
from wtforms.validators import Length, ValidationError

from webapp.rules.contact import Shape

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

# Fields as they are before anything was typed, by what the form's class says of them.
PATTERNS: dict[UnboundField, Field] = {}

TOO_OLD = "This page was open for too long, so nothing was sent. Check your answers, then send them again."


class LateToken(CSRFTokenField):
    """The proof that a form came from our own page, made when it is shown: a form that is only read needs none."""

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Take what was sent."""
        HiddenField.process(self, *args, **kwargs)

    def _value(self) -> str:
        token: str = self.csrf_impl.generate_csrf_token(self)
        return token


class LateTokens(FlaskForm.Meta.csrf_class):
    """Flask-WTF's tokens, each made when it is shown."""

    field_class = LateToken


class ComesBack:
    """A form that checks its own token, so that an old page comes back filled instead of losing what was typed."""

    def validate(self: Any, **kwargs: Any) -> bool:
        """Return whether all is well; a page that was open for too long is told in words."""
        is_valid: bool = super().validate(**kwargs)  # type: ignore[misc]
        if "csrf_token" in self and self.csrf_token.errors:
            self.csrf_token.errors = ()
            self.form_errors.append(TOO_OLD)
        return is_valid


class WardbookForm(ComesBack, FlaskForm):
    """A form whose errors can be listed beside the fields they belong to."""

    class Meta(FlaskForm.Meta):
        """How forms are made: WTForms reads it."""

        csrf_class = LateTokens

        def bind_field(self, form: Any, unbound_field: UnboundField, options: dict[str, Any]) -> Field:
            """Return a field for this form: a copy of one made before, which takes a fifth of making it anew."""
            if issubclass(unbound_field.field_class, CSRFTokenField):
                return super().bind_field(form, unbound_field, options)
            made = PATTERNS.get(unbound_field)
            if made is None:
                made = PATTERNS[unbound_field] = super().bind_field(form, unbound_field, options)
                # A pattern outlives the request: the form that it was first made for would stay with what it holds.
                made._form = made.meta = None
            field = object.__new__(type(made))
            # A page may ask in other words, which are its own: the pattern's would be asked on every page after it.
            label = Label(made.label.field_id, made.label.text)
            field.__dict__.update(made.__dict__, _form=form, meta=self, label=label)
            return field

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return what was sent as one mapping: looking in fields, then in files, for each name takes far longer.

            A file under the name of a field that takes none is nobody's answer: no page of ours sends one.
            """
            sent = super().wrap_formdata(form, formdata)
            if not isinstance(sent, CombinedMultiDict):
                return sent
            files, typed = sent.dicts
            together = MultiDict(typed)
            for name in files:
                if isinstance(form._fields.get(name), MultipleFileField):
                    together.setlist(name, files.getlist(name))
            return together

    def predates(self, field: Field) -> bool:
        """Return whether the form was answered before it asked this: never, for pages that are not kept on phones."""
        return False

    def error_list(self) -> list[tuple[str, str]]:
        """Return (field name, sentence) for each error, in the order of the page: each bad file has its own."""
        return [(field.name, sentence) for field in self for sentence in field.errors]

    def refuse(self, errors: dict[str, str]) -> None:
        """Put a service's sentences beside the fields they are about; what is about none of them, about the form."""
        for name, sentence in errors.items():
            if name not in self._fields:
                self.form_errors.append(sentence)
                continue
            field = self._fields[name]
            field.errors = [*field.errors, sentence]

    def refuse_too(self, errors: dict[str, str]) -> None:
        """Put sentences beside fields that have none of their own, so that all is told in one round."""
        self.refuse(
            {name: words for name, words in errors.items() if not (name in self and self[name].errors)}
        )


class ActionForm(WardbookForm):
    """A button: nothing but the proof that it was pressed on our own page."""


def clean(text: str | None) -> str | None:
    """Return text without control characters and outer spaces; emoji and every letter of every language stay."""
    return CONTROL.sub("", text.replace("\r\n", "\n")).strip() if text is not None else None


class AtMost(Length):
    """Refuses longer text with a sentence that says how long it is and may be; nothing typed is cut."""

    def __init__(self, length: int, name: str) -> None:
        super().__init__(max=length)
        self.name = name

    def __call__(self, form: Any, field: Field) -> None:
        """Raise a ValidationError when the field holds more."""
        size = len(field.data or "")
        if size > self.max:
            raise ValidationError(
                f"{self.name} is {size:,} characters long. Shorten it to {self.max:,} or fewer."
            )


class Words(StringField):
    """One line of text, of a certain shape where one is given."""

    def __init__(
        self,
        label: str,
        length: int,
        hint: str = "",
        name_in_errors: str = "",
        shape: Shape | None = None,
        **kwargs: Any,
    ) -> None:
        validators = [AtMost(length, name_in_errors or label), *kwargs.pop("validators", [])]
        super().__init__(label, validators, [clean], description=hint, **kwargs)
        self.shape = shape

    def pre_validate(self, form: Any) -> None:
        """Refuse an answer of another shape."""
        problem = self.shape.problem(self.data) if self.shape else None
        if problem:
            raise ValidationError(problem)


class LongWords(Words, TextAreaField):
    """Several lines of text."""
