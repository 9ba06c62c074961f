"""What Prometheus reads."""

import socket
import time
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.support.away import Away
from tests.support.payloads import BASE
from tests.support.rooms import House
from tests.support.server import Server, free_port

from likeness.settings import Settings
from likeness.work.exposition import PortTaken, QueueCollector, metrics_served

SMALL = {"gemini": {"imageSize": "512"}}
Numbers = dict[tuple[str, ...], float]


def read(port: int) -> Numbers:
    """Every number, by its name and the values of its labels in the order of their names."""
    text = httpx.get(f"http://127.0.0.1:{port}/metrics").raise_for_status().text
    return {
        (sample.name, *(sample.labels[label] for label in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_server_counts_what_it_and_its_worker_do(tmp_path: Path, tiny_folder: Path) -> None:
    port = free_port()
    with Server(tmp_path / "data", tiny_folder, public_models="local", metrics_port=port) as server:
        with server.client() as client:
            client.wait_for_job(client.generate("nanobanana", "a red hat", options=SMALL))
        done = "likeness_attempts_total", "done", "generation"
        limit = time.monotonic() + 60
        while done not in (numbers := read(port)) and time.monotonic() < limit:
            time.sleep(0.1)  # the record says so first
    assert numbers[done] == 1
    assert numbers["likeness_database_reached",] == 1
    assert numbers["likeness_jobs_waiting", "tiny", "generation"] == 0
    assert numbers["likeness_stage_seconds_count", "generation", "sampling"] == 1
    assert numbers["likeness_stage_seconds_sum", "generation", "sampling"] > 0
    asked = "likeness_request_seconds_count", "GET", "/jobs/{id}", "200"
    assert numbers[asked] >= 1


def test_a_database_that_is_away_is_a_number(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    away = Away(house.folder.database, monkeypatch)
    away.times = 1
    collector = QueueCollector(house.folder.database, BASE)
    (reached,) = collector.collect()
    assert reached.samples[0].value == 0
    assert len(list(collector.collect())) == 4


@pytest.mark.parametrize("house", ["one machine"], indirect=True)
def test_a_port_that_is_taken(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = Settings.read(**house.settings, metrics_port=port)
        with (
            pytest.raises(PortTaken, match="LIKENESS_METRICS_PORT"),
            metrics_served(settings, house.folder, "test"),
        ):
            pass
