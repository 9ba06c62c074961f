"""What is written for Docker and Kubernetes fits their schemas and this program. It is not run."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

from likeness.api import health
from likeness.cli.checked import ServerSettings, WorkerSettings
from likeness.cli.main import cli
from likeness.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
COMPOSE = ROOT / "compose.yaml"
MANIFESTS = sorted((ROOT / "deploy" / "kubernetes").glob("*.yaml"))
ALL = [ROOT / "Dockerfile", COMPOSE, *MANIFESTS]
KINDS = {"serve": ServerSettings, "worker": WorkerSettings, "migrate": Settings}
UNTIL_ENDED = 10
"""Seconds that ending takes beside what is waited for."""


def objects() -> Iterator[dict[str, Any]]:
    """All objects of the manifests."""
    for path in MANIFESTS:
        yield from yaml.safe_load_all(path.read_text())


def pods() -> dict[str, dict[str, Any]]:
    """The pods of the manifests, by the command that they run."""
    found = [
        one["spec"]["template"]["spec"] for one in objects() if "template" in one.get("spec", {})
    ]
    return {pod["containers"][0]["args"][0]: pod for pod in found}


def services() -> dict[str, dict[str, Any]]:
    """Our own services of the compose file, by the command that they run."""
    everything: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE.read_text())["services"]
    return {one["command"][0]: one for one in everything.values() if "likeness" in one["image"]}


def pod_environment(pod: dict[str, Any]) -> dict[str, str]:
    """The variables of a pod's only container."""
    (container,) = pod["containers"]
    variables: dict[str, str] = {}
    for source in container["envFrom"]:
        (wanted,) = source.values()
        kind = {"configMapRef": "ConfigMap", "secretRef": "Secret"}[next(iter(source))]
        (named,) = [
            one
            for one in objects()
            if (one["kind"], one["metadata"]["name"]) == (kind, wanted["name"])
        ]
        variables |= named.get("data") or named["stringData"]
    return variables | {one["name"]: one["value"] for one in container.get("env", [])}


def service_environment(service: dict[str, Any]) -> dict[str, str]:
    """The variables of a service, with those of the operator's filled in."""
    variables: dict[str, str] = service["environment"]
    return {name: re.sub(r"\$\{\w+:\?\}", "given", text) for name, text in variables.items()}


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_manifests_fit_the_schemas_of_kubernetes(path: Path) -> None:
    for one in yaml.safe_load_all(path.read_text()):
        kubernetes_validate.validate(one, "1.37", strict=True)


def test_a_manifest_with_a_misspelt_key_would_be_found() -> None:
    pod = pods()["serve"]
    pod["containers"][0]["livenesProbe"] = {}
    wrong = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}, "spec": pod}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, "1.37", strict=True)


def test_the_compose_file_fits_its_schema() -> None:
    schema = files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json"
    jsonschema.validate(yaml.safe_load(COMPOSE.read_text()), json.loads(schema.read_text()))


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_every_setting_is_one_that_the_program_knows(path: Path) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert set(re.findall(rf"\b{PREFIX}\w+", path.read_text())) <= known


@pytest.mark.parametrize("command", KINDS)
@pytest.mark.parametrize("where", ["compose", "kubernetes"])
def test_every_process_takes_its_settings(
    command: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if where == "compose":
        variables = service_environment(services()[command])
    else:
        variables = pod_environment(pods()[command])
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    settings = KINDS[command].read()
    assert settings.database_url and settings.blob_url
    assert settings.worker == (command != "serve")
    assert command in cli.commands


def test_the_api_is_asked_what_it_answers() -> None:
    (container,) = pods()["serve"]["containers"]
    asked = {container[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "liveness")}
    ready = container["readinessProbe"]["httpGet"]["path"]
    assert {*asked, ready} == {getattr(route, "path", "") for route in health.router.routes}
    assert ready not in asked, "a new start does not bring a database back"
    assert ready in services()["serve"]["healthcheck"]["test"][-1]


def test_who_is_told_to_stop_has_the_time() -> None:
    serve, worker = pods()["serve"], pods()["worker"]
    sleep = serve["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert serve["terminationGracePeriodSeconds"] >= sleep + UNTIL_ENDED
    grace = float(pod_environment(worker)["LIKENESS_GRACE"])
    assert worker["terminationGracePeriodSeconds"] >= grace + UNTIL_ENDED
    grace = float(service_environment(services()["worker"])["LIKENESS_GRACE"])
    assert float(services()["worker"]["stop_grace_period"].rstrip("s")) >= grace + UNTIL_ENDED


def test_no_pod_gets_variables_that_are_no_settings() -> None:
    # Of a service called `likeness` Kubernetes makes LIKENESS_PORT=tcp://..., among others.
    assert all(pod["enableServiceLinks"] is False for pod in pods().values())
