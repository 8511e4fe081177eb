"""When things happen: days of the story, counted so that the stage shown is today."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

# On which day of the story each stage stands.
TODAY = {"need": 3, "agreed": 42, "applying": 97, "allocated": 116, "practice": 425, "hired": 930}
STAGES = tuple(TODAY)


@dataclass(frozen=True)
class Timeline:
    """The days of the story up to a stage; day 0 is the one on which the plant states its need."""

    today: date
    stage: str

    @property
    def day(self) -> int:
        """The day of the story that is today."""
        return TODAY[self.stage]

    def on(self, day: int) -> date:
        return self.today + timedelta(days=day - self.day)

    def at(self, day: int, hour: int = 10) -> datetime:
        return timezone.make_aware(datetime.combine(self.on(day), time(hour)))

    def reaches(self, stage: str) -> bool:
        return STAGES.index(stage) <= STAGES.index(self.stage)
