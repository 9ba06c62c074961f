import pytest
import torch

from likeness.engine.device import (
    choose_device,
    fastest_dtype,
    limit_threads,
    threads_shared_by,
)
from likeness.engine.errors import DeviceMissing


def test_auto_is_always_there() -> None:
    assert choose_device("auto").type in {"cpu", "cuda", "mps"}


def test_the_cpu_is_the_cpu() -> None:
    assert choose_device("cpu") == torch.device("cpu")


@pytest.mark.parametrize("wanted", ["cuda:99", "mps:7", "abacus"])
def test_a_missing_device_is_named_with_those_that_are_there(wanted: str) -> None:
    with pytest.raises(DeviceMissing, match=rf"'{wanted}'.*cpu"):
        choose_device(wanted)


def test_threads_are_limited() -> None:
    before = torch.get_num_threads()
    try:
        limit_threads(1)
        assert torch.get_num_threads() == 1
    finally:
        limit_threads(before)


def test_no_threads_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        limit_threads(0)


def test_the_cpu_computes_in_a_precision_that_it_has() -> None:
    assert fastest_dtype(torch.device("cpu")) in {torch.float32, torch.bfloat16}


def test_a_batch_is_shared_out_between_the_cpus_threads() -> None:
    cpu = torch.device("cpu")
    before = torch.get_num_threads()
    try:
        for threads, samples, shares, each in ((2, 8, 2, 1), (1, 8, 1, 1), (8, 2, 2, 4)):
            torch.set_num_threads(threads)
            with threads_shared_by(samples, cpu) as found:
                assert (found, torch.get_num_threads()) == (shares, each)
            assert torch.get_num_threads() == threads
        with threads_shared_by(8, torch.device("meta")) as found:
            assert found == 1
    finally:
        torch.set_num_threads(before)
