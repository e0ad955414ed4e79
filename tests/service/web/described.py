"""The public addresses as an OpenAPI description, made from the application's own routes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from service.web.security import PUBLIC, PUBLIC_BLUEPRINTS

METHODS = ("GET", "POST")
"""HEAD and OPTIONS are made of GET by the framework."""
QUERY = ("q", "page", "topic", "language", "lang", "email", "next", "newsroom", "List-Unsubscribe")
FIELDS = (
    "embargo",
    "file",
    "language",
    "email",
    "topics",
    "frequency",
    "zone",
    "pause",
    "stamp",
    "website",
    "csrf_token",
)
"""Of all public forms; a door passes over what is none of its own."""
HEADERS = ("Range", "If-Range", "If-None-Match", "If-Modified-Since", "Accept", "Accept-Language", "Content-Type")
ANYTHING: dict[str, Any] = {"type": "string", "maxLength": 300}
PART = re.compile(r"<(?:[^<>:]+:)?(\w+)>")


def public(app: Flask) -> list[Rule]:
    """The routes that ask nobody to sign in."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint in PUBLIC or rule.endpoint.partition(".")[0] in PUBLIC_BLUEPRINTS
    ]


def openapi(app: Flask, known: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """The description. `known` are good values of the parts of addresses, by name: without them all would be 404."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in public(app):
        operations = paths.setdefault(PART.sub(r"{\1}", rule.rule), {})
        for method in METHODS:
            if method in (rule.methods or ()):
                operations[method.lower()] = _operation(rule, method, known)
    return {"openapi": "3.0.3", "info": {"title": "Public pages", "version": "1"}, "paths": paths}


def _operation(rule: Rule, method: str, known: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    parts = [
        {"name": name, "in": "path", "required": True, "schema": _part(known.get(name, ()))}
        for name in sorted(rule.arguments)
    ]
    query = [{"name": name, "in": "query", "schema": ANYTHING} for name in QUERY]
    headers = [{"name": name, "in": "header", "schema": ANYTHING} for name in HEADERS]
    described: dict[str, Any] = {
        "operationId": f"{method} {rule.rule}",
        "parameters": [*parts, *query, *headers],
        "responses": {"default": {"description": "A page, a file, or a page that says why not."}},
    }
    if method == "POST":
        form = {"type": "object", "properties": dict.fromkeys(FIELDS, ANYTHING)}
        described["requestBody"] = {"content": {"application/x-www-form-urlencoded": {"schema": form}}}
    return described


def _part(good: Sequence[Any]) -> dict[str, Any]:
    anything = {**ANYTHING, "minLength": 1}
    return {"anyOf": [{"enum": [str(value) for value in good]}, anything]} if good else anything
