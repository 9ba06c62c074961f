"""What keeps a fleet at the size that its queue asks for."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Event, RLock, Thread
from typing import Any

import ray
from ray.autoscaler.sdk import request_resources
from ray.exceptions import RayError

from likeness import bases
from likeness.fleet.plan import Load, Plan, Scale
from likeness.fleet.slot import Slot, Whereabouts, settings_from
from likeness.jobs.depth import busy_workers, depths
from likeness.logs import start_logging
from likeness.store.folder import database_of
from likeness.store.unreachable import Unreachable

log = logging.getLogger(__name__)

WORKER = "worker-"

ROUND = 2.0
"""Seconds between two looks at the queue."""

ANSWER = 5.0
"""Seconds that a worker has to say where it is, before it counts as one without a machine."""


def namespace_of(base: str) -> str:
    """Where the actors of the fleet whose workers have this base find each other."""
    return f"likeness:{base}"


class OtherSettings(Exception):
    """A fleet is up already, with other settings."""


@dataclass(frozen=True)
class Place:
    """One worker of a fleet: where it is, or None while it waits for a machine; whether it is to
    leave."""

    number: int
    where: Whereabouts | None
    leaving: bool


@dataclass
class _Member:
    actor: Any  # Ray makes actors' types while the program runs.
    asked: Any = None
    where: Whereabouts | None = None
    drained: Any = None


class Controller:
    """To be a Ray actor, of which a cluster has one for each base, in a namespace of its own. Where
    its machine dies, Ray begins it anew on another, and it finds its workers again by their
    names."""

    def __init__(self, plan: Plan, variables: Mapping[str, str]) -> None:
        """`variables` are the workers' settings, which name a database."""
        settings = settings_from(variables)
        start_logging(settings.log)
        database = database_of(settings)
        assert database is not None
        self._base = bases.name_of(settings.base)
        self._variables = dict(variables)
        self._database = database
        self._scale = Scale(plan)
        self._members: dict[int, _Member] = {}
        self._lock = RLock()
        self._ended = Event()
        self._mishap: str | None = None
        for name in ray.util.list_named_actors():
            if name.startswith(WORKER):
                self._members[int(name.removeprefix(WORKER))] = _Member(ray.get_actor(name))
        self._thread = Thread(target=self._run, name="fleet", daemon=True)
        self._thread.start()

    def change(self, plan: Plan, variables: Mapping[str, str]) -> list[str]:
        """From now on, by this plan; returns the names of settings that would be others, which
        changes nothing."""
        if self._variables != variables:
            names = {*self._variables, *variables}
            return sorted(n for n in names if self._variables.get(n) != variables.get(n))
        with self._lock:
            self._scale = Scale(plan)
        return []

    def status(self) -> tuple[Plan, list[Place], str | None]:
        """The plan, all workers by their numbers, and the last thing that went wrong."""
        with self._lock:
            places = [
                Place(number, member.where, member.drained is not None)
                for number, member in sorted(self._members.items())
            ]
            return self._scale.plan, places, self._mishap

    def down(self) -> None:
        """Let all workers finish or hand back what they do, and go."""
        self._ended.set()
        self._thread.join()
        request_resources(bundles=[])
        with self._lock:
            for number in [*self._members]:
                self._dismiss(number)
        while self._members:
            with self._lock:
                self._look_after(timeout=0)
            time.sleep(0.2)

    def _run(self) -> None:
        while not self._ended.wait(ROUND):
            try:
                with self._lock:
                    if all(member.where for member in self._members.values()):
                        self._mishap = None
                    self._look_after(timeout=ANSWER)
                    self._resize()
            except Unreachable as error:
                self._mishap = str(error)
                log.warning("the fleet stays as it is: %s", error)
            except Exception as error:
                self._mishap = cause(error)
                log.exception("a look at the fleet failed; the next one follows")

    def _resize(self) -> None:
        with self._database.read() as transaction:
            found = [
                depth for depth in depths(transaction, self._base) if depth.base in ("", self._base)
            ]
            owners = busy_workers(transaction)
        staying = {n: one for n, one in self._members.items() if one.drained is None}
        busy = {n for n, one in staying.items() if one.where and _works(one.where, owners)}
        load = Load(
            sum(depth.waiting for depth in found),
            max((depth.oldest for depth in found), default=0.0),
            len(busy),
        )
        ready = sum(one.where is not None for one in staying.values())
        wanted = self._scale.wanted(load, len(staying), ready, time.monotonic())
        # So that the cluster has machines for them, and keeps those that it has.
        request_resources(bundles=[self._scale.plan.bundle] * wanted)
        numbers = iter(range(len(self._members) + wanted))
        for _ in range(wanted - len(staying)):
            self._hire(next(n for n in numbers if n not in self._members))
        # First those who do nothing, of these the last.
        leaving = sorted(staying, key=lambda n: (n not in busy, n), reverse=True)
        for number in leaving[: max(0, len(staying) - wanted)]:
            self._dismiss(number)

    def _hire(self, number: int) -> None:
        plan = self._scale.plan
        actor = ray.remote(Slot).options(
            name=f"{WORKER}{number}",
            namespace=namespace_of(self._base),
            lifetime="detached",
            max_restarts=-1,
            max_concurrency=2,  # one says where it is while the other drains
            num_cpus=plan.cpus,
            num_gpus=plan.gpus,
            scheduling_strategy="SPREAD",
        )
        self._members[number] = _Member(actor.remote(number, self._variables))
        log.info("worker %s is hired", number)

    def _dismiss(self, number: int) -> None:
        member = self._members[number]
        if member.where is None:
            self._part(number)
        elif member.drained is None:
            member.drained = member.actor.drain.remote()
            log.info("worker %s is to finish and go", number)

    def _part(self, number: int) -> None:
        ray.kill(self._members.pop(number).actor, no_restart=True)
        log.info("worker %s is gone", number)

    def _look_after(self, timeout: float) -> None:
        """Learn where all are, and part with those who are done."""
        for member in self._members.values():
            member.asked = member.asked or member.actor.whereabouts.remote()
        asked = [member.asked for member in self._members.values()]
        if asked:
            ray.wait(asked, num_returns=len(asked), timeout=timeout)
        for number, member in [*self._members.items()]:
            if member.drained is not None:
                if ray.wait([member.drained], timeout=0)[0]:
                    self._part(number)
                continue
            if not ray.wait([member.asked], timeout=0)[0]:
                member.where = None
                continue
            asked, member.asked = member.asked, None
            try:
                member.where = ray.get(asked)
            except RayError as error:
                member.where = None
                if self._is_dead(number):
                    self._mishap = cause(error)
                    log.error("worker %s could not begin: %s", number, self._mishap)
                    del self._members[number]

    def _is_dead(self, number: int) -> bool:
        """Whether Ray will not begin it anew."""
        try:
            ray.get_actor(f"{WORKER}{number}", namespace_of(self._base))
        except ValueError:
            return True
        return False


def cause(error: Exception) -> str:
    """What went wrong, in a line: the last of Ray's long stories tells it."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[-1].strip()


def _works(where: Whereabouts, owners: set[str]) -> bool:
    return any(owner.startswith(where.owners) for owner in owners)
