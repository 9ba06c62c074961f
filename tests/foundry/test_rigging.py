"""A rig is made of an asset pack."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from foundry.cli import cli
from foundry.portraits.tiny_pack import write_tiny_pack
from likeness.engine.rig import Kind, Rig


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_pack(tmp_path_factory.mktemp("pack"))


def test_a_rig_is_exported_into_the_package(pack: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["export-rig", str(pack), str(tmp_path)])

    assert done.exit_code == 0, done.output
    rig = Rig.load(tmp_path / "rig")
    count = len(rig.rest)
    assert rig.triangles.max() < count
    assert len(rig.follows) == len(rig.eye) == count
    assert len(rig.kinds) == len(rig.triangles)
    assert {Kind.SKIN, Kind.EYE} <= set(rig.kinds.tolist())
    assert all(unit.vertices.max() < count for unit in rig.units.values())
    left, right = rig.eyes
    assert left[0] < 0 < right[0]
    assert np.all(rig.rest[rig.eye == 0, 0] <= 0)


def test_a_folder_that_is_no_pack_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["export-rig", str(tmp_path), str(tmp_path / "package")])

    assert done.exit_code == 2
    assert "mesh.npz" in done.output
