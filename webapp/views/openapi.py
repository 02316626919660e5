"""The description of the capture protocol (OpenAPI 3.1), made from the views themselves: what they take and answer."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask
from flask.typing import ResponseReturnValue
from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from webapp.rules.photos import MOST_BYTES
from webapp.views.shapes import Problem

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
REF = "#/components/schemas/{model}"
JSON = "application/json"
SECRET_HEADER = {
    "name": "X-Capture-Secret",
    "in": "header",
    "description": "What the phone of somebody without an account made for this capture.",
    "schema": {"type": "string", "minLength": 16, "maxLength": 200},
}
TOKEN_HEADER = {
    "name": "X-CSRFToken",
    "in": "header",
    "description": "The token of /session, for somebody who is signed in.",
    "schema": {"type": "string"},
}
DIGEST_HEADER = {
    "name": "Content-Digest",
    "in": "header",
    "required": True,
    "description": "RFC 9530: sha-256=:<base64>:",
    "schema": {"type": "string", "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"},
}


@dataclass(frozen=True, slots=True)
class Described:
    """What a view takes and answers: shapes by status, and the statuses of its refusals."""

    gives: Mapping[int, Any]
    takes: Any = None
    takes_types: Sequence[str] = ()
    refuses: Sequence[int] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    secret: bool = False
    digest: bool = False


def described(**what: Any) -> Callable[[View], View]:
    """Return a decorator that says what a view takes and answers."""

    def note(view: View) -> View:
        view.described = Described(**what)  # type: ignore[attr-defined]
        return view

    return note


def description(app: Flask, blueprint: str) -> dict[str, Any]:
    """Return the description of all described views of a blueprint."""
    views = [
        (rule, app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(f"{blueprint}.")
    ]
    paths: dict[str, dict[str, Any]] = {}
    for rule, view in sorted(views, key=lambda pair: (pair[0].rule, sorted(pair[0].methods or ()))):
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(path, {})[method.lower()] = _operation(rule, view)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Wardbook capture protocol", "version": "1"},
        "paths": paths,
        "components": {"schemas": _schemas([view for _, view in views])},
    }


def _operation(rule: Rule, view: Any) -> dict[str, Any]:
    what: Described = view.described
    answers = {str(status): _answer(shape) for status, shape in what.gives.items()}
    refusals = {str(status): _answer(Problem) for status in (*what.refuses, 500)}
    operation: dict[str, Any] = {
        "operationId": view.__name__,
        "summary": (view.__doc__ or "").strip(),
        "parameters": [*_in_path(rule), *_in_query(what), *_in_headers(rule, what)],
        "responses": {**answers, **refusals},
    }
    body = _body(what)
    return operation | ({"requestBody": {"required": True, "content": body}} if body else {})


def _answer(shape: Any) -> dict[str, Any]:
    if shape is None:
        return {"description": "Nothing."}
    return {"description": _doc(shape), "content": {JSON: {"schema": _schema(shape)}}}


def _doc(shape: Any) -> str:
    return (getattr(shape, "__doc__", None) or "A list, or whatever was kept.").strip().splitlines()[0]


def _schema(shape: Any) -> dict[str, Any]:
    made = TypeAdapter(shape).json_schema(ref_template=REF)
    made.pop("$defs", None)
    return {"$ref": REF.format(model=shape.__name__)} if _is_model(shape) else made


def _is_model(shape: Any) -> bool:
    return isinstance(shape, type) and hasattr(shape, "model_json_schema")


def _body(what: Described) -> dict[str, Any]:
    if what.takes is not None:
        return {JSON: {"schema": _schema(what.takes)}}
    picture = {"type": "string", "format": "binary", "minLength": 1, "maxLength": MOST_BYTES}
    return {media_type: {"schema": picture} for media_type in what.takes_types}


def _in_path(rule: Rule) -> list[dict[str, Any]]:
    schemas = {"uuid": {"type": "string", "format": "uuid"}, "default": {"type": "string"}}
    names = re.findall(r"<(?:(\w+):)?(\w+)>", rule.rule)
    return [
        {"name": name, "in": "path", "required": True, "schema": schemas[kind or "default"]}
        for kind, name in names
    ]


def _in_query(what: Described) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "required": True, "description": words, "schema": {"type": "string"}}
        for name, words in what.query.items()
    ]


def _in_headers(rule: Rule, what: Described) -> list[dict[str, Any]]:
    changes = not {"GET"} & (rule.methods or set())
    wanted = ((what.secret, SECRET_HEADER), (changes, TOKEN_HEADER), (what.digest, DIGEST_HEADER))
    return [header for is_wanted, header in wanted if is_wanted]


def _schemas(views: Sequence[Any]) -> dict[str, Any]:
    shapes = {shape for view in views for shape in (*view.described.gives.values(), view.described.takes)}
    models = {model for shape in shapes | {Problem} for model in _models(shape)}
    ordered = sorted(models, key=lambda model: str(model.__name__))
    _, made = models_json_schema([(model, "validation") for model in ordered], ref_template=REF)
    return dict(made["$defs"])


def _models(shape: Any) -> list[Any]:
    inner = getattr(shape, "__args__", ()) if not _is_model(shape) else (shape,)
    return [model for model in inner if _is_model(model)]
