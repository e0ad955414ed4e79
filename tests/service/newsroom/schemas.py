"""The published schemas of the IPTC, and how something is held against them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from lxml import etree
from referencing import Registry, Resource

SCHEMAS = Path(__file__).parents[2] / "recorded" / "iptc"


@cache
def _ninjs(version: str) -> Draft202012Validator:
    geo: Resource[Any] = Resource.from_contents(json.loads((SCHEMAS / "ninjs" / "GeoJSON-schema.json").read_text()))
    registry = Registry().with_resource("https://geojson.org/schema/GeoJSON.json", geo)
    schema = json.loads((SCHEMAS / "ninjs" / f"ninjs-schema_{version}.json").read_text())
    return Draft202012Validator(schema, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)


@cache
def _newsml() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / "newsml-g2" / "NewsML-G2_2.35-spec-All-Power.xsd"))


def faults_of_ninjs(item: Any, version: str) -> list[str]:
    """What the schema of this version has against it."""
    return [fault.message for fault in _ninjs(version).iter_errors(item)]


def faults_of_newsml(written: bytes) -> list[str]:
    """What the schema has against it."""
    schema = _newsml()
    return [] if schema.validate(etree.fromstring(written)) else [str(fault) for fault in schema.error_log]
