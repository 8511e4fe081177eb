"""What happens to agreements by itself."""

import logging

from django.utils import timezone

from kuznitsa.agreements import actions
from kuznitsa.agreements.models import Agreement
from kuznitsa.base.jobs import every, job
from kuznitsa.base.refusal import Refused

logger = logging.getLogger(__name__)


@every("daily")
@job("agreements.expire")
def expire_agreements() -> None:
    """End the agreements whose last day has passed."""
    now = timezone.now()
    for agreement in Agreement.objects.ended_by(timezone.localdate(now)).order_by("pk"):
        try:
            actions.expire(agreement=agreement, by=None, at=now)
        except Refused as refused:  # somebody has just ended or prolonged it
            logger.info("agreement %s was not ended: %s", agreement.pk, refused.reason)
