"""When the nightly scan starts, in the words of each scheduler."""

from __future__ import annotations

from dataclasses import dataclass

_REGULAR = (1, 2, 3, 4, 6, 8, 12, 24, 168, 744)
"""Hours between starts that a calendar can say: parts of a day, a day, a week, a month."""


@dataclass(frozen=True)
class Calendar:
    """Starts at a time of day, by the clock of the machine."""

    minute: int
    hours: tuple[int, ...]
    """Of a day, in order."""
    step: int
    """Hours between starts, at most; 168 is every Monday, 744 the first of a month."""

    @classmethod
    def of(cls, at: str, every: int) -> Calendar:
        """Return the starts for the settings `at` and `every`.

        Where no calendar says `every` (36 hours, two days), they are closer together: a scan that comes early reads
        what is new and harms nothing, one that comes late counts as missed.
        """
        hour, minute = map(int, at.split(":"))
        step = max(hours for hours in _REGULAR if hours <= every)
        return cls(minute, tuple(sorted((hour + past) % 24 for past in range(0, 24, step))), step)

    @property
    def words(self) -> str:
        """The starts as a person says them."""
        times = ", ".join(f"{hour:02}:{self.minute:02}" for hour in self.hours)
        return {168: "on Mondays at ", 744: "on the first of each month at "}.get(self.step, "each day at ") + times

    def for_systemd(self) -> str:
        """Return an OnCalendar= expression."""
        hours = ",".join(f"{hour:02}" for hour in self.hours)
        day = {168: "Mon *-*-*", 744: "*-*-01"}.get(self.step, "*-*-*")
        return f"{day} {hours}:{self.minute:02}:00"

    def for_cron(self) -> str:
        """Return the five fields of a line for cron."""
        days = {168: "* * 1", 744: "1 * *"}.get(self.step, "* * *")
        return f"{self.minute} {','.join(map(str, self.hours))} {days}"

    def for_launchd(self) -> list[dict[str, int]]:
        """Return the entries of a StartCalendarInterval."""
        day = {168: {"Weekday": 1}, 744: {"Day": 1}}.get(self.step, {})
        return [{"Hour": hour, "Minute": self.minute, **day} for hour in self.hours]
