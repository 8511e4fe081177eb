"""Campaigns, offers, applications, seats, runs, contracts: their kinds and states."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CampaignState(models.TextChoices):
    DRAFT = "draft", _("being prepared")
    OPEN = "open", _("open for applications")
    CLOSED = "closed", _("applications closed")
    PUBLISHED = "published", _("results published")
    COMPLETED = "completed", pgettext_lazy("campaign", "completed")


CAMPAIGN_MOVES = {
    CampaignState.DRAFT: {CampaignState.OPEN},
    CampaignState.OPEN: {CampaignState.CLOSED, CampaignState.DRAFT},
    CampaignState.CLOSED: {CampaignState.PUBLISHED, CampaignState.OPEN},
    CampaignState.PUBLISHED: {CampaignState.COMPLETED},
    CampaignState.COMPLETED: set(),
}


class MinSizeRule(models.TextChoices):
    """What happens to a group that fewer want than its minimum; the values are those of the engine."""

    IGNORE = "ignore", _("open all the same")
    CLOSE = "close", _("are not opened")
    CLOSE_REOPEN = "close_reopen", _("are not opened, unless those left over fill them after all")


class OfferState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PROPOSED = "proposed", _("waits for the college")
    AGREED = "agreed", _("agreed by the college")
    PUBLISHED = "published", pgettext_lazy("offer", "published")
    CLOSED = "closed", pgettext_lazy("offer", "closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("offer", "withdrawn")


OFFER_MOVES = {
    OfferState.DRAFT: {OfferState.PROPOSED, OfferState.WITHDRAWN},
    OfferState.PROPOSED: {OfferState.AGREED, OfferState.DRAFT, OfferState.WITHDRAWN},
    OfferState.AGREED: {OfferState.PUBLISHED, OfferState.DRAFT, OfferState.WITHDRAWN},
    OfferState.PUBLISHED: {OfferState.CLOSED, OfferState.WITHDRAWN},
    OfferState.CLOSED: {OfferState.PUBLISHED},
    OfferState.WITHDRAWN: {OfferState.DRAFT},
}


class SupportKind(models.TextChoices):
    STIPEND = "stipend", _("monthly payment")
    HOUSING = "housing", _("housing")
    TRAVEL = "travel", _("travel")
    TUITION = "tuition", _("tuition")
    COURSE = "course", _("extra training")
    EQUIPMENT = "equipment", _("work clothes and equipment")
    OTHER = "other", _("other")


class Period(models.TextChoices):
    MONTHLY = "monthly", _("a month")
    YEARLY = "yearly", _("a year")
    ONCE = "once", _("once")


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("draft")
    AWAITING_GUARDIAN = "guardian", _("waits for the guardian")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned to be mended")
    CHECKED = "checked", _("checked")
    REJECTED = "rejected", _("not admitted to the selection")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")


APPLICATION_MOVES = {
    ApplicationState.DRAFT: {
        ApplicationState.AWAITING_GUARDIAN,
        ApplicationState.SUBMITTED,
        ApplicationState.WITHDRAWN,
    },
    ApplicationState.AWAITING_GUARDIAN: {
        ApplicationState.SUBMITTED,
        ApplicationState.DRAFT,
        ApplicationState.WITHDRAWN,
    },
    ApplicationState.SUBMITTED: {
        ApplicationState.CHECKED,
        ApplicationState.RETURNED,
        ApplicationState.REJECTED,
        ApplicationState.DRAFT,
        ApplicationState.WITHDRAWN,
    },
    ApplicationState.RETURNED: {
        ApplicationState.AWAITING_GUARDIAN,
        ApplicationState.SUBMITTED,
        ApplicationState.WITHDRAWN,
    },
    ApplicationState.CHECKED: {
        ApplicationState.DRAFT,
        ApplicationState.RETURNED,
        ApplicationState.REJECTED,
        ApplicationState.WITHDRAWN,
    },
    ApplicationState.REJECTED: {ApplicationState.SUBMITTED},
    ApplicationState.WITHDRAWN: {ApplicationState.DRAFT},
}

# Applications that count: their choices stand.
STANDING_STATES = (ApplicationState.SUBMITTED, ApplicationState.CHECKED)


class DocumentKind(models.TextChoices):
    IDENTITY = "identity", _("identity document")
    SCHOOL = "school", _("school certificate")
    MEDICAL = "medical", _("medical certificate")
    ACHIEVEMENT = "achievement", _("diploma of an achievement")


class ClaimState(models.TextChoices):
    """A right to a quota; only confirmed ones count."""

    STATED = "stated", _("waits for the college")
    CONFIRMED = "confirmed", _("confirmed by a paper")
    REFUSED = "refused", _("not confirmed")


CLAIM_MOVES = {
    ClaimState.STATED: {ClaimState.CONFIRMED, ClaimState.REFUSED},
    ClaimState.CONFIRMED: {ClaimState.REFUSED},
    ClaimState.REFUSED: {ClaimState.CONFIRMED},
}


class RunKind(models.TextChoices):
    """The first allocation, published by two people, or a round after it: a re-run on lists that have been cut."""

    FIRST = "first", _("first allocation")
    ROUND = "round", _("round after publication")


class RunState(models.TextChoices):
    DRAFT = "draft", _("draft")
    APPROVED = "approved", _("approved by one person")
    PUBLISHED = "published", _("published")
    DISCARDED = "discarded", _("discarded")


RUN_MOVES = {
    RunState.DRAFT: {RunState.APPROVED, RunState.DISCARDED},
    RunState.APPROVED: {RunState.PUBLISHED, RunState.DRAFT, RunState.DISCARDED},
    RunState.PUBLISHED: set(),
    RunState.DISCARDED: set(),
}


class RunStage(models.TextChoices):
    """What the calculation of a run is at, in this order."""

    READING = "reading", _("reading the applications")
    SOLVING = "solving", _("giving the seats")
    CHECKING = "checking", _("checking the result independently")
    REASONS = "reasons", _("finding the reason for every choice")
    SAVING = "saving", _("saving")


class PublicationStage(models.TextChoices):
    """What the publication of a large run is at, in this order."""

    RECORD = "record", _("preparing the public record")
    SEATS = "seats", _("giving the seats, if nothing has changed since")


class SeatState(models.TextChoices):
    """A seat given to an applicant; `offered` waits for the answer, `waiting` is taken until a better one is free."""

    OFFERED = "offered", _("waits for an answer")
    WAITING = "waiting", _("accepted, waits for a better one")
    ACCEPTED = "accepted", _("accepted for good")
    DECLINED = "declined", _("declined")
    LAPSED = "lapsed", _("not answered in time")
    WITHDRAWN = "withdrawn", _("given back")


SEAT_MOVES = {
    SeatState.OFFERED: {
        SeatState.WAITING,
        SeatState.ACCEPTED,
        SeatState.DECLINED,
        SeatState.LAPSED,
        SeatState.WITHDRAWN,
    },
    SeatState.WAITING: {SeatState.ACCEPTED, SeatState.WITHDRAWN},
    SeatState.ACCEPTED: {SeatState.WITHDRAWN},
    SeatState.DECLINED: set(),
    SeatState.LAPSED: set(),
    SeatState.WITHDRAWN: set(),
}

# Seats that are taken.
HELD_STATES = (SeatState.OFFERED, SeatState.WAITING, SeatState.ACCEPTED)

# Seats that somebody has said yes to.
ANSWERED_STATES = (SeatState.WAITING, SeatState.ACCEPTED)


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("waits for confirmation")
    CONFIRMED = "confirmed", _("confirmed")
    UNDONE = "undone", _("undone")
    CANCELLED = "cancelled", _("cancelled")


IMPORT_MOVES = {
    ImportState.UPLOADED: {ImportState.CONFIRMED, ImportState.CANCELLED},
    ImportState.CONFIRMED: {ImportState.UNDONE},
    ImportState.UNDONE: set(),
    ImportState.CANCELLED: set(),
}


class ContractState(models.TextChoices):
    SIGNING = "signing", _("being signed")
    ACTIVE = "active", _("in force")
    SUSPENDED = "suspended", _("suspended")
    FULFILLED = "fulfilled", pgettext_lazy("contract", "fulfilled")
    TERMINATED = "terminated", _("ended early")
    CANCELLED = "cancelled", _("not concluded")
    ANNULLED = "annulled", pgettext_lazy("contract", "entered by mistake")


CONTRACT_MOVES = {
    ContractState.SIGNING: {ContractState.ACTIVE, ContractState.CANCELLED},
    ContractState.ACTIVE: {
        ContractState.SUSPENDED,
        ContractState.FULFILLED,
        ContractState.TERMINATED,
        ContractState.ANNULLED,
    },
    ContractState.SUSPENDED: {ContractState.ACTIVE, ContractState.TERMINATED, ContractState.ANNULLED},
    ContractState.FULFILLED: {ContractState.ACTIVE},
    ContractState.TERMINATED: {ContractState.ACTIVE, ContractState.SUSPENDED},
    ContractState.CANCELLED: set(),
    ContractState.ANNULLED: set(),
}


# Contracts that take up a seat.
LIVE_CONTRACT_STATES = (ContractState.SIGNING, ContractState.ACTIVE, ContractState.SUSPENDED)


class ContractRole(models.TextChoices):
    """Who a party is. The guardian of a minor co-signs for the citizen and is not counted as a party."""

    CUSTOMER = "customer", _("customer")
    CITIZEN = "citizen", _("citizen")
    GUARDIAN = "guardian", _("guardian of the citizen")
    COLLEGE = "college", _("college")
    EMPLOYER = "employer", _("employing organisation")


class SuspensionReason(models.TextChoices):
    MILITARY = "military", _("military service")
    ACADEMIC_LEAVE = "leave", _("academic leave")
    PARENTAL = "parental", _("parental leave")
    OTHER = "other", _("other")


class TerminationReason(models.TextChoices):
    STUDENT_LEFT = "student_left", _("the student left the programme")
    STUDENT_REFUSED = "student_refused", _("the student refused")
    CUSTOMER_REFUSED = "customer_refused", _("the enterprise refused")
    HEALTH = "health", _("health")
    RELEASED = "released", _("released from the obligation by law")
    AGREED = "agreed", _("by agreement of the parties")
