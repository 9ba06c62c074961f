from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers.pipelines.z_image.pipeline_z_image import ZImagePipeline
from safetensors.torch import load_file, save_file

from likeness.bases import Base
from likeness.engine.adapter import read_adapter, save_adapter
from likeness.engine.errors import AdapterUnreadable


def test_the_card_says_what_it_belongs_to(tiny: Base, adapter: Path) -> None:
    card = read_adapter(adapter).card

    assert (card.base, card.fingerprint, card.family) == ("tiny", tiny.fingerprint, "zimage")
    assert (card.trigger, card.description) == ("ohwx", "a woman with brown eyes")
    assert card.recipe == tiny.manifest.training


def test_writing_and_reading_keep_every_bit(adapter: Path, tmp_path: Path) -> None:
    first = read_adapter(adapter)
    save_adapter(tmp_path / "copies" / "again.safetensors", first)
    again = read_adapter(tmp_path / "copies" / "again.safetensors")

    assert again.card == first.card
    assert again.lora_config == first.lora_config
    assert all(torch.equal(again.weights[key], value) for key, value in first.weights.items())


def test_diffusers_loads_it_too(tiny: Base, adapter: Path) -> None:
    pipeline: Any = ZImagePipeline.from_pretrained(str(tiny.folder), local_files_only=True)
    pipeline.load_lora_weights(str(adapter.parent), weight_name=adapter.name, adapter_name="x")

    config = pipeline.transformer.peft_config["x"]
    assert (config.r, config.lora_alpha) == (4, 8)
    assert len(read_adapter(adapter).weights) == sum(
        "lora_" in name for name, _ in pipeline.transformer.named_parameters()
    )


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(AdapterUnreadable, match="not there"):
        read_adapter(tmp_path / "none.safetensors")


def test_a_damaged_file_is_refused(adapter: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(adapter.read_bytes()[:1000])

    with pytest.raises(AdapterUnreadable, match="cannot be read"):
        read_adapter(damaged)


def test_a_lora_of_unknown_origin_is_refused(adapter: Path, tmp_path: Path) -> None:
    save_file(load_file(adapter), tmp_path / "bare.safetensors")

    with pytest.raises(AdapterUnreadable, match="which base"):
        read_adapter(tmp_path / "bare.safetensors")
