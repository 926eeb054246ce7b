"""Examples of images, services and deployments, without Docker."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from prefect.cli.deploy._triggers import DeploymentTriggerAdapter
from prefect.flows import load_flow_from_entrypoint

ROOT = Path(__file__).parents[3]
OWN, EXAMPLE = ROOT / "prefect.yaml", ROOT / "examples" / "prefect" / "prefect.yaml"
DOCKER = ROOT / "examples" / "docker"


def deployments(file):
    return {
        entry["name"]: entry for entry in yaml.safe_load(file.read_text("utf-8"))["deployments"]
    }


@pytest.mark.parametrize("file", [OWN, EXAMPLE], ids=["own", "example"])
def test_each_deployment_has_a_flow_with_its_parameters_and_triggers_that_prefect_reads(
    file, monkeypatch
):
    monkeypatch.chdir(ROOT)
    for entry in deployments(file).values():
        flow = load_flow_from_entrypoint(entry["entrypoint"])
        assert entry["parameters"].keys() <= flow.parameters.properties.keys()
        for trigger in entry.get("triggers", ()):
            DeploymentTriggerAdapter.validate_python(trigger)


def test_the_example_has_the_deployments_of_a_clone():
    own, example = deployments(OWN), deployments(EXAMPLE)

    differing = {"entrypoint", "work_pool"}
    assert own.keys() == example.keys()
    for name, entry in own.items():
        assert {k: v for k, v in entry.items() if k not in differing} == {
            k: v for k, v in example[name].items() if k not in differing
        }


def test_the_image_copies_what_exists():
    lines = (DOCKER / "Dockerfile").read_text("utf-8").splitlines()
    copies = [line.split()[1:-1] for line in lines if line.startswith("COPY ")]
    sources = [word for words in copies for word in words if not word.startswith("--")]

    inside = [source for source in sources if not source.startswith("/")]
    assert "flows" in inside
    assert [source for source in inside if not (ROOT / source).exists()] == []
    assert "USER quarry" in lines


def test_each_service_has_a_health_check_and_waits_for_those_it_needs():
    services = yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))["services"]

    assert [name for name, service in services.items() if "healthcheck" not in service] == []
    needed = {n for service in services.values() for n in service.get("depends_on", {})}
    assert needed == {"postgres", "server"}
