"""A fleet grows while jobs wait too long, shrinks when none does, and stays within its bounds."""

from hypothesis import given
from hypothesis import strategies as st

from likeness.fleet.plan import Load, Plan, Scale, fitting

PLAN = Plan(least=1, most=8, cpus=1, gpus=0, patience=10, calm=60)
counts = st.integers(0, 100)
loads = st.builds(Load, counts, st.floats(0, 1000), counts)


@given(st.integers(0, 5), st.integers(1, 20), st.lists(st.tuples(loads, counts), max_size=30))
def test_it_stays_within_its_bounds(least: int, more: int, looks: list[tuple[Load, int]]) -> None:
    scale = Scale(Plan(least, least + more, 1, 0, patience=10, calm=60))
    have = least
    for second, (load, ready) in enumerate(looks):
        wanted = scale.wanted(load, have, min(ready, have), 10.0 * second)
        assert least <= wanted <= least + more
        assert wanted <= max(1, 2 * have)
        if load.waiting:
            assert wanted >= have, "nobody is sent away while jobs wait"
        assert wanted >= min(have, load.busy), "nobody is sent away who works"
        have = wanted


def test_a_job_that_waits_brings_a_worker() -> None:
    assert Scale(PLAN).wanted(Load(1, 11, 2), have=2, ready=2, now=0) == 3
    assert Scale(PLAN).wanted(Load(1, 9, 2), have=2, ready=2, now=0) == 2, "not yet"


def test_many_bring_as_many_again() -> None:
    assert Scale(PLAN).wanted(Load(500, 11, 2), have=2, ready=2, now=0) == 4
    assert Scale(PLAN).wanted(Load(500, 11, 2), have=6, ready=6, now=0) == 8, "the most"


def test_the_first_of_none_comes_when_a_job_waits() -> None:
    scale = Scale(Plan(least=0, most=4, cpus=1, gpus=0, patience=10, calm=60))
    assert scale.wanted(Load(0, 0, 0), have=0, ready=0, now=0) == 0
    assert scale.wanted(Load(3, 11, 0), have=0, ready=0, now=0) == 1


def test_no_more_are_asked_for_while_some_wait_for_a_machine() -> None:
    assert Scale(PLAN).wanted(Load(500, 100, 2), have=4, ready=3, now=0) == 4


def test_those_without_work_go_after_a_calm_time() -> None:
    scale = Scale(PLAN)
    calm = Load(0, 0, 2)
    assert scale.wanted(calm, have=5, ready=5, now=0) == 5
    assert scale.wanted(calm, have=5, ready=5, now=59) == 5
    assert scale.wanted(calm, have=5, ready=5, now=60) == 2
    assert scale.wanted(Load(0, 0, 0), have=2, ready=2, now=61) == 1, "the least"


def test_a_job_that_waits_ends_the_calm() -> None:
    scale = Scale(PLAN)
    scale.wanted(Load(0, 0, 1), have=3, ready=3, now=0)
    scale.wanted(Load(1, 0, 3), have=3, ready=3, now=50)
    assert scale.wanted(Load(0, 0, 1), have=3, ready=3, now=70) == 3


def test_as_many_as_fit() -> None:
    assert fitting({"CPU": 16, "GPU": 2}, cpus=1, gpus=1) == 2
    assert fitting({"CPU": 16}, cpus=2, gpus=0) == 8
    assert fitting({}, cpus=1, gpus=0) == 1, "one, when a machine comes"


def test_what_a_worker_takes_of_a_cluster() -> None:
    assert PLAN.bundle == {"CPU": 1}
    assert Plan(0, 1, 0, 0.5, 1, 1).bundle == {"GPU": 0.5}
