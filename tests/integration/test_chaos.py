"""Everything that can happen to many machines, at small size (benchmarks/chaos.py is the large)."""

from pathlib import Path

import pytest
from benchmarks.chaos import SIZES, storm


def test_what_is_asked_is_done_once_whatever_happens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = storm(SIZES["small"], tmp_path, seed=1)

    assert outcome.answered.total() == 24 + 6 + 2 + 1
    assert sum(count for what, count in outcome.kills.items() if what.endswith("killed")) >= 4
    assert len([what for what in outcome.kills if not what.endswith("killed")]) == 3
    with capsys.disabled():
        print(f"\n{outcome}")
