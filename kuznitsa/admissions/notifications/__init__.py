"""Letters of admissions."""

from kuznitsa.admissions.notifications.offers import offer_agreed, offer_proposed, offer_published, offer_returned

__all__ = ["offer_agreed", "offer_proposed", "offer_published", "offer_returned"]
