from pathlib import Path
from typing import get_args

import pytest

from likeness.presets.schemas import Noun
from likeness.presets.service import BUILT_IN, BadPresets, load_presets

GOOD = """
name = "Own"
description = "One of our own."
prompt = "wearing {clothes}, at the beach"
width = 512
height = 768
steps = 12

[words.clothes]
man = "a red shirt"
woman = "a red dress"
person = "a red sweater"
"""


def test_all_that_are_built_in_can_be_used() -> None:
    presets = load_presets()

    assert len(presets) >= 40
    assert set(presets) == {file.stem for file in BUILT_IN.iterdir()}
    assert "editorial" in presets  # the one tag that the contract's samples name
    assert len({preset.name for preset in presets.values()}) == len(presets)
    for preset in presets.values():
        for noun in get_args(Noun):
            assert not {"{", "}"} & set(preset.prompt_for(noun, ""))


def test_a_folder_of_ones_own_comes_on_top(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(GOOD)
    (tmp_path / "beach.toml").write_text(GOOD)

    presets = load_presets(tmp_path)

    assert len(presets) == len(load_presets()) + 1
    assert presets["beach"] == presets["own"]
    assert presets["own"].prompt_for("woman", "smiling") == (
        "smiling, wearing a red dress, at the beach"
    )
    assert presets["own"].prompt_for("man", "") == "wearing a red shirt, at the beach"


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "not-toml.toml").write_text("name = ")
    (tmp_path / "no-words.toml").write_text(GOOD.replace("words.clothes", "words.hat"))
    (tmp_path / "too-small.toml").write_text(GOOD.replace("512", "5"))
    (tmp_path / "misspelt.toml").write_text(f"promt = 1{GOOD}")

    with pytest.raises(BadPresets) as told:
        load_presets(tmp_path)

    told_of = "\n".join(told.value.mistakes)
    assert len(told.value.mistakes) == 4
    assert "not-toml.toml: it cannot be read" in told_of
    assert "no-words.toml: the prompt has {clothes}, but words.clothes is missing" in told_of
    assert "too-small.toml: width" in told_of
    assert "misspelt.toml: promt" in told_of


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadPresets, match="no such folder"):
        load_presets(tmp_path / "nowhere")
