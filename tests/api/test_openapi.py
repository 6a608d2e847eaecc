"""The committed description."""

from __future__ import annotations

import yaml
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema

from api.schema import COMMITTED

COMMAND = "python3 run.py manage spectacular --file api/openapi.yaml --validate --fail-on-warn"


def generated() -> dict:
    return SchemaGenerator().get_schema(request=None, public=True)


def test_is_what_the_code_says():
    now = OpenApiYamlRenderer().render(generated(), renderer_context={}).decode()
    assert now == COMMITTED.read_text(encoding="utf-8"), (
        f"the API has changed: run\n{COMMAND}\nand commit openapi.yaml"
    )


def test_is_valid_and_complete():
    GENERATOR_STATS.reset()
    validate_schema(generated())
    assert not GENERATOR_STATS, "drf-spectacular cannot tell something; run it to see what:\n" + COMMAND


def test_says_of_every_operation_how_it_refuses():
    found = yaml.safe_load(COMMITTED.read_text(encoding="utf-8"))
    operations = [operation for path in found["paths"].values() for operation in path.values()]
    assert len(operations) > 20
    assert all("application/problem+json" in one["responses"]["default"]["content"] for one in operations)
    assert all(one.get("summary") for one in operations)


def test_is_served_to_everyone(anyone, db):
    answer = anyone.get("/api/v1/schema/")
    assert answer["Content-Type"] == "application/yaml"
    assert b"".join(answer.streaming_content) == COMMITTED.read_bytes()
