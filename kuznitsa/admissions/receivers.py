"""What admissions does at the news from people: consents given and withdrawn."""

from datetime import datetime
from typing import Any

from kuznitsa.admissions.actions.applications import resume_with_consent, stop_without_consent
from kuznitsa.people.models import Consent


def stop_applications(sender: type[Consent], consent: Consent, by: Any, at: datetime, **kwargs: Any) -> None:
    stop_without_consent(consent=consent, by=by, at=at)


def resume_applications(sender: type[Consent], consent: Consent, by: Any, at: datetime, **kwargs: Any) -> None:
    resume_with_consent(consent=consent, by=by, at=at)
