"""A fleet at work, simulated: workers take turns as `work/worker.py` does, with service times that
are given.

A worker looks every `poll` seconds while it has nothing to do. One that has no training under way
takes a training first, then pictures, with others of the same person that can be drawn at once. On
a GPU (`shared`) a training and pictures share the device, each at half its speed; on a processor
(`turns`) a training stands still for pictures, and then has half of that time to itself.
"""

import heapq
from collections.abc import Iterator, Sequence
from itertools import count
from math import inf
from typing import Literal

from benchmarks.crowd import Kind, Wish
from benchmarks.lane import Job, Lane
from benchmarks.sleepers import Sleepers
from benchmarks.workers import Fleet, Outcome, Times, Worker

from likeness.work.worker import LOOKS, TRAINING_SHARE

Happening = Literal["turn", "look", "rested", "trained"]


class Simulation:
    """One fleet and what it is asked for, from an empty queue on."""

    def __init__(self, fleet: Fleet, times: Times) -> None:
        self._fleet, self._times = fleet, times
        self._lanes: dict[Kind, Lane] = {
            "generation": Lane({}, fleet.affinity),
            "training": Lane({}, affinity=False),
        }
        self._workers = [Worker() for _ in range(fleet.workers)]
        self._idle: dict[Kind, Sleepers] = {kind: Sleepers(fleet.poll) for kind in self._lanes}
        self._looking: dict[Kind, float] = dict.fromkeys(self._lanes, inf)
        self._agenda: list[tuple[float, int, Happening, int, int, Kind | None]] = []
        self._numbers = count()
        self._outcome = Outcome()
        self._from = 0.0

    def run(self, wishes: Iterator[Wish], beginning: float, seconds: float) -> Outcome:
        """Let it happen; what comes, waits or ends in the `beginning` is not counted."""
        self._from, end = beginning, beginning + seconds
        for number in range(len(self._workers)):
            # Workers were not started all at the same moment.
            self._rest(number, number / len(self._workers) * self._fleet.poll)
        for wish in wishes:
            while self._agenda and self._agenda[0][0] < wish.moment:
                self._happen(*heapq.heappop(self._agenda))
            if wish.moment > end:
                break
            for _ in range(wish.count):
                job = Job(next(self._numbers), wish.account, wish.model, wish.moment)
                self._lanes[wish.kind].enqueue(job)
            self._alert(wish.kind, wish.moment)
        for number, worker in enumerate(self._workers):
            if worker.asleep_since is not None:
                self._wake(number, end)
        self._outcome.seconds = seconds
        self._outcome.left = sum(map(len, self._lanes.values()))
        return self._outcome

    def _happen(
        self, now: float, _: int, what: Happening, number: int, nap: int, kind: Kind | None
    ) -> None:
        worker = self._workers[number]
        still = worker.naps == nap  # if not, it has been woken meanwhile by the other lane
        match what:
            case "turn":
                self._take_turn(number, now)
            case "look":
                assert kind is not None
                if self._looking[kind] <= now:
                    self._looking[kind] = inf
                if still and self._lanes[kind]:
                    self._wake(number, now)
                    self._take_turn(number, now)
                self._alert(kind, now)
            case "rested" if still:
                self._idle["generation"].add(worker.phase, number)
                self._alert("generation", now)
            case "trained" if still:
                for lane, sleepers in self._idle.items():
                    sleepers.add(worker.phase, number)
                    self._alert(lane, now)
            case _:
                pass

    def _take_turn(self, number: int, now: float) -> None:
        worker, claim = self._workers[number], self._times.claim
        if worker.trained_at is not None and worker.trained_at <= now:
            worker.trained_at = None
            worker.turn_ends = 0.0
        if worker.trained_at is None and (job := self._lanes["training"].claim(now, "", ())):
            self._note_wait("training", job, now)
            worker.trained_at = now + claim + self._times.training
            self._note(self._times.training, now)
            self._plan(now + claim, "turn", number)
            return
        if now < worker.turn_ends:
            self._rest(number, now)
            return
        jobs = self._claim_pictures(number, now)
        if jobs:
            self._plan(self._draw(worker, jobs, now + claim * len(jobs)), "turn", number)
        else:
            self._rest(number, now)

    def _claim_pictures(self, number: int, now: float) -> list[Job]:
        lane, worker = self._lanes["generation"], self._workers[number]
        owner, at_hand, jobs = str(number), worker.at_hand, list[Job]()
        job = lane.claim(now, owner, at_hand)
        while job:
            self._note_wait("generation", job, now + len(jobs) * self._times.claim)
            jobs.append(job)
            if len(jobs) == self._fleet.batch or not lane:
                break
            self._outcome.tries += now >= self._from
            job = lane.claim_alike(now, owner, at_hand, LOOKS * self._fleet.poll, job.model)
        return jobs

    def _draw(self, worker: Worker, jobs: Sequence[Job], now: float) -> float:
        """Make pictures of one person at once; returns when they are done."""
        took, model = self._times.generation + (len(jobs) - 1) * self._times.more, jobs[0].model
        hit = model in worker.at_hand
        if hit:
            worker.at_hand.remove(model)
        else:
            took += self._times.adapter
        worker.at_hand.append(model)
        end = self._end_of(worker, took, now)
        counted = [job for job in jobs if job.since >= self._from]
        self._outcome.misses += bool(counted) and not hit
        self._outcome.done.extend(end - job.since for job in counted)
        return end

    def _end_of(self, worker: Worker, took: float, now: float) -> float:
        """When work is done beside a training, if there is one."""
        if worker.trained_at is None:
            return now + took
        if self._fleet.beside == "turns":
            worker.trained_at += took
            worker.turn_ends = now + (1 + TRAINING_SHARE) * took
            self._note(took, now)
            return now + took
        both = min(took, max(0.0, worker.trained_at - now))
        worker.trained_at += both
        self._note(both, now)
        return now + took + both

    def _rest(self, number: int, now: float) -> None:
        worker = self._workers[number]
        worker.asleep_since, worker.phase = now, now % self._fleet.poll
        if worker.trained_at is None:
            self._idle["training"].add(worker.phase, number)
        else:
            self._plan(worker.trained_at, "trained", number)
        if worker.turn_ends <= now:
            self._idle["generation"].add(worker.phase, number)
        else:
            self._plan(worker.turn_ends, "rested", number)

    def _wake(self, number: int, now: float) -> None:
        worker = self._workers[number]
        assert worker.asleep_since is not None
        self._outcome.resting += max(0.0, now - max(worker.asleep_since, self._from))
        worker.asleep_since = None
        worker.naps += 1
        for sleepers in self._idle.values():
            sleepers.remove(worker.phase, number)

    def _alert(self, kind: Kind, now: float) -> None:
        """Who is without work finds it at its next look."""
        if self._lanes[kind] and (found := self._idle[kind].next(now)):
            moment, number = found
            if moment < self._looking[kind]:
                self._looking[kind] = moment
                self._plan(moment, "look", number, kind)

    def _plan(self, moment: float, what: Happening, number: int, kind: Kind | None = None) -> None:
        entry = moment, next(self._numbers), what, number, self._workers[number].naps, kind
        heapq.heappush(self._agenda, entry)

    def _note_wait(self, kind: Kind, job: Job, now: float) -> None:
        if job.since >= self._from:
            self._outcome.waits[kind].append(now + self._times.claim - job.since)

    def _note(self, training: float, now: float) -> None:
        if now >= self._from:
            self._outcome.training += training
