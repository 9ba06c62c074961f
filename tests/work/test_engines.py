"""What a worker loads, and what it tells of its device."""

import shutil
from pathlib import Path

import pytest
import torch

from likeness import metrics
from likeness.engine.errors import LoadFailed
from likeness.engine.guided_clips import GuidedEngine
from likeness.settings import Settings
from likeness.work.engines import Engines


def engines_of(folder: Path, **given: object) -> Engines:
    return Engines(Settings.read(base=str(folder), device="cpu", **given))


def test_each_network_is_loaded_once(tiny_folder: Path) -> None:
    engines = engines_of(tiny_folder)
    engines.preload()
    assert engines.sampler() is engines.sampler()
    assert engines.upscaler() is engines.upscaler()
    assert engines.clips() is engines.clips()
    assert engines.are_on_cpu()


def test_videos_are_painted_by_the_network_that_ships(tiny_folder: Path) -> None:
    assert isinstance(engines_of(tiny_folder).clips(), GuidedEngine)


def test_what_cannot_be_loaded_is_told_now_and_to_each_job(
    tiny_folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Path(shutil.copytree(tiny_folder, tmp_path / "broken"))
    for weights in (broken / "transformer").glob("*.safetensors"):
        weights.write_bytes(b"nothing")
    engines = engines_of(broken)
    engines.preload()
    assert "base tiny or the upscaler cannot be loaded" in caplog.text
    with pytest.raises(LoadFailed):
        engines.sampler()


def test_a_device_that_is_missing_stops_no_training(tiny_folder: Path) -> None:
    assert not Engines(Settings.read(base=str(tiny_folder), device="cuda:99")).are_on_cpu()


def test_the_memory_of_a_gpu_is_told(
    tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gpu = torch.device("cuda:7")
    monkeypatch.setattr("likeness.engine.device.choose_device", lambda _: gpu)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: {gpu: (30, 80)}[device])
    engines = engines_of(tiny_folder)
    metrics.keep_in(tmp_path / "metrics", "worker")
    try:
        engines.note_memory()  # nothing has been loaded
        engines.device()
        engines.note_memory()
        registry = metrics.registry_of(tmp_path / "metrics")
    finally:
        metrics.keep_in_memory()
    for what, bytes_ in (("free", 30), ("whole", 80)):
        labels = {"device": "cuda:7", "what": what}
        assert registry.get_sample_value("likeness_device_memory_bytes", labels) == bytes_
