"""Pictures of several jobs that are drawn at once.

An attempt at a job is a generator that stops where it wants pictures. All of a batch go on until
each has stopped or ended; what they want and can be drawn together is; then they go on with it, one
after another. An attempt that fails, or whose job is cancelled meanwhile, leaves the others alone.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PIL import Image

from likeness import metrics

if TYPE_CHECKING:
    from likeness.engine.sampling import SampleRequest

OnStep = Callable[[int, int], None]


@dataclass(frozen=True)
class Wish:
    """What is to be drawn with which adapter; `on_step` as `Sampler.sample` has it."""

    request: "SampleRequest"
    adapter: Path | None
    on_step: OnStep

    def goes_with(self, other: "Wish") -> bool:
        """Whether both can be drawn at once."""
        one, two = (replace(wish.request, prompts=(), seeds=()) for wish in (self, other))
        alone = self.request.reference or other.request.reference
        return not alone and one == two and self.adapter == other.adapter


Attempt = Generator[Wish, list[Image.Image], None]


class Draw(Protocol):
    """As `Sampler.sample` does it."""

    def __call__(
        self, request: "SampleRequest", adapter: Path | None, on_step: OnStep
    ) -> list[Image.Image]: ...


class _NobodyWaits(Exception):
    """All that were drawn for have failed or were cancelled."""


@dataclass
class _Part:
    """An attempt in a context of its own: what its log lines and spans are about."""

    attempt: Attempt
    context: Context = field(default_factory=copy_context)
    wish: Wish | None = None
    error: BaseException | None = None

    def go_on(self, go: Callable[[], Wish]) -> None:
        """Let it go on until it wants something; `error` is how it ended, if not well."""
        self.wish = self.error = None
        try:
            self.wish = self.context.run(go)
        except StopIteration:
            pass
        except Exception as error:
            self.error = error

    def tell(self, step: int, steps: int) -> None:
        """Tell it of a step, until it has failed at one."""
        if self.error is None and self.wish is not None:
            try:
                self.context.run(self.wish.on_step, step, steps)
            except Exception as error:
                self.error = error


def make_together(attempts: Sequence[Attempt], draw: Draw) -> None:
    """Let all attempts come to their ends. Raises the first error with which one ended."""
    parts = [_Part(attempt) for attempt in attempts]
    errors: list[BaseException] = []

    def waiting(going: Iterable[_Part]) -> list[_Part]:
        gone_on = list(going)
        errors.extend(part.error for part in gone_on if part.error)
        return [part for part in gone_on if part.wish]

    for part in parts:
        part.go_on(partial(next, part.attempt))
    wanting = waiting(parts)
    while wanting:
        for group in _groups(wanting):
            _draw(group, draw)
        wanting = waiting(wanting)
    if errors:
        raise errors[0]


def _groups(parts: Sequence[_Part]) -> list[list[_Part]]:
    """Those that can be drawn at once."""
    groups: list[list[_Part]] = []
    for part in parts:
        for group in groups:
            if part.wish and group[0].wish and part.wish.goes_with(group[0].wish):
                group.append(part)
                break
        else:
            groups.append([part])
    return groups


def _draw(group: Sequence[_Part], draw: Draw) -> None:
    """Draw what all of a group want, and let them go on."""
    wishes = [part.wish for part in group if part.wish]
    request = replace(
        wishes[0].request,
        prompts=tuple(prompt for wish in wishes for prompt in wish.request.prompts),
        seeds=tuple(seed for wish in wishes for seed in wish.request.seeds),
    )
    metrics.TOGETHER.observe(len(request.seeds))

    def on_step(step: int, steps: int) -> None:
        for part in group:
            part.tell(step, steps)
        if all(part.error for part in group):
            raise _NobodyWaits

    drawn: list[Image.Image] = []
    failed: BaseException | None = None
    try:
        drawn = draw(request, wishes[0].adapter, on_step)
    except Exception as error:
        failed = error
    pictures = iter(drawn)
    for part, wish in zip(group, wishes, strict=True):
        own = list(islice(pictures, len(wish.request.seeds)))
        if error := part.error or failed:
            part.go_on(partial(part.attempt.throw, error))
        else:
            part.go_on(partial(part.attempt.send, own))
