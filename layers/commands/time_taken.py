"""What a fetch took: pauses that services ask for, answers that arrive and are read, and the building of the place."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass
class TimeTaken:
    """Counts seconds while a command works."""

    begun: float = field(default_factory=time.monotonic)
    pauses: float = 0.0
    built_from: float | None = None

    def pause(self, seconds: float) -> None:
        """Wait, and count it as a pause."""
        self.pauses += seconds
        time.sleep(seconds)

    def step(self, what: str) -> None:
        """Note when building begins."""
        if what.startswith("building") and self.built_from is None:
            self.built_from = time.monotonic()

    def said(self) -> str:
        """The times, in a sentence."""
        now = time.monotonic()
        building = now - (self.built_from or now)
        asking = now - self.begun - building - self.pauses
        parts = (
            (self.pauses, "of pauses between questions"),
            (asking, "for answers"),
            (building, "to build the place"),
        )
        return f"It took {_long(now - self.begun)}: {', '.join(f'{_long(part)} {what}' for part, what in parts)}."


def _long(seconds: float) -> str:
    minutes, rest = divmod(round(max(seconds, 0)), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
