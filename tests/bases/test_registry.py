import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from likeness.bases import BrokenBase, UnknownBase, find_base
from likeness_mini import BASE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """mini's configuration without its weights."""
    ignored = shutil.ignore_patterns("*.safetensors", "tokenizer")
    return Path(shutil.copytree(BASE, tmp_path / "Some Base", ignore=ignored))


def test_mini_is_installed() -> None:
    mini = find_base("mini")

    assert mini.folder == BASE.resolve()
    assert mini.manifest.name == "mini"
    assert mini.manifest.family == "zimage"


def test_a_folder_is_a_base(folder: Path) -> None:
    assert find_base(str(folder)).manifest == find_base("mini").manifest


def test_an_unknown_name_lists_the_installed_ones() -> None:
    with pytest.raises(UnknownBase, match=r"'maxi'.*Installed: .*mini"):
        find_base("maxi")


def test_a_folder_without_manifest_gets_the_published_recipe(folder: Path) -> None:
    (folder / "manifest.json").unlink()

    manifest = find_base(str(folder)).manifest

    assert manifest.name == "some-base"
    assert manifest.size_multiple == 16
    assert (manifest.training.rank, manifest.training.learning_rate) == (16, 1e-4)
    assert manifest.sampling.guidance > 0


def test_a_distilled_folder_is_sampled_without_guidance(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    turbo = folder.rename(folder.with_name("Z-Image-Turbo"))

    sampling = find_base(str(turbo)).manifest.sampling

    assert (sampling.steps, sampling.guidance) == (9, 0)


def test_a_pipeline_that_nobody_knows_is_broken(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    (folder / "model_index.json").write_text('{"_class_name": "OtherPipeline"}')

    with pytest.raises(BrokenBase, match=r"OtherPipeline.*write a manifest\.json"):
        find_base(str(folder))


def test_a_folder_that_is_no_diffusers_folder_is_broken(tmp_path: Path) -> None:
    with pytest.raises(BrokenBase, match=r"model_index\.json is missing"):
        find_base(str(tmp_path))


@pytest.mark.parametrize("content", ["{", "[]", "\x00"])
def test_a_manifest_that_is_no_json_object_is_broken(folder: Path, content: str) -> None:
    (folder / "manifest.json").write_text(content)

    with pytest.raises(BrokenBase, match=r"manifest\.json"):
        find_base(str(folder))


def test_every_fault_of_a_manifest_is_named(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["colour"] = "red"
    manifest["training"]["steps"] = 0
    (folder / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(BrokenBase, match=r"training\.steps: .*; colour: "):
        find_base(str(folder))


def test_finding_a_base_imports_no_torch() -> None:
    program = (
        "import sys, likeness.bases, likeness.engine; likeness.bases.find_base('mini').fingerprint;"
        "assert not {'torch', 'diffusers', 'transformers', 'cv2'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
