"""The plain card of an offer: what one gets, what one owes, how one gets out, in words for a fifteen-year-old."""

from dataclasses import dataclass
from datetime import date
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kuznitsa.admissions.enums import Period
from kuznitsa.admissions.models import SupportMeasure, TargetOffer
from kuznitsa.base.rules import NoRuleInForce, Rule, rule

MONTHS_OF_YEAR = 12


@dataclass(frozen=True)
class Exit:
    """One way out of a target contract; `rule` is the law behind it, to be shown when it is not confirmed."""

    title: str
    text: str
    icon: str
    rule: Rule | None = None

    @property
    def is_unconfirmed(self) -> bool:
        return self.rule is not None and self.rule.status == "to_be_confirmed"


@dataclass(frozen=True)
class Card:
    """Money is in kopecks; `months` are those of study, `service` the time to work in words."""

    months: int
    study: str
    service: str
    money: list[SupportMeasure]
    in_kind: list[SupportMeasure]
    monthly_kopecks: int
    total_kopecks: int
    exits: list[Exit]


def card_of(offer: TargetOffer, on: date) -> Card:
    """Return what an applicant and the guardian must know before anything is signed, by the law of the day `on`."""
    months = offer.intake.programme.months
    support = list(offer.support.order_by("order", "pk"))
    money = [measure for measure in support if measure.amount_kopecks]
    return Card(
        months=months,
        study=duration(months),
        service=duration(offer.service_months),
        money=money,
        in_kind=[measure for measure in support if not measure.amount_kopecks],
        monthly_kopecks=sum(measure.amount_kopecks or 0 for measure in money if measure.period == Period.MONTHLY),
        total_kopecks=support_over(money, months),
        exits=exits_of(on),
    )


def support_over(measures: list[SupportMeasure], months: int) -> int:
    """Return in kopecks what `measures` come to over so many months of study; a begun year counts as a year."""
    times = {Period.MONTHLY: months, Period.YEARLY: ceil(months / MONTHS_OF_YEAR), Period.ONCE: 1 if months else 0}
    return sum((measure.amount_kopecks or 0) * times[Period(measure.period)] for measure in measures)


def duration(months: int) -> str:
    """Return a time in words: "3 years", "1 year 10 months", "10 months"."""
    years, rest = divmod(months, MONTHS_OF_YEAR)
    parts = []
    if years:
        parts.append(ngettext("%(years)d year", "%(years)d years", years) % {"years": years})
    if rest or not years:
        parts.append(ngettext("%(months)d month", "%(months)d months", rest) % {"months": rest})
    return " ".join(parts)


def exits_of(on: date) -> list[Exit]:
    """Return the ways out of a contract signed on that day, the gentlest first."""
    notice = _rule("suspension_notice_working_days", on)
    wages = _rule("unemployment_compensation_wages", on)
    return [
        Exit(
            _("You change your mind before you sign"),
            _("You say no, or take the application back. You owe nothing; the seat goes to the next on the list."),
            "undo-2",
        ),
        Exit(
            _("You leave college or do not go to work at the plant"),
            _(
                "You pay back the money the plant has really spent on your support. It must show every payment."
                " The contract says how and by when."
            ),
            "log-out",
        ),
        Exit(
            _("The law lets you go"),
            _(
                "For example: you fall so ill that you cannot work in this trade, or have to care for a disabled"
                " child, parent or spouse and nobody else is bound to. You pay nothing."
            ),
            "heart-handshake",
        ),
        Exit(
            _("You are called up for military service"),
            _called_up(notice),
            "shield",
            notice,
        ),
        Exit(
            _("The plant does not give you the job"),
            _not_employed(wages),
            "factory",
            wages,
        ),
        Exit(
            _("All sides agree to part"),
            _("The contract can be ended by agreement of all who have signed it, on terms they write down."),
            "handshake",
        ),
    ]


def _called_up(notice: Rule | None) -> str:
    pause = _("The contract is put on hold while you serve, and goes on afterwards. Nobody pays anybody.")
    if notice is None:
        return pause
    days = ngettext(
        "Tell the plant within %(days)d working day.", "Tell the plant within %(days)d working days.", notice.value
    )
    return f"{pause} {days % {'days': notice.value}}"


def _not_employed(wages: Rule | None) -> str:
    if wages is None:
        return _("You are free, and the plant owes you compensation as the law of the day says.")
    paid = ngettext(
        "You are free. The plant pays you once %(wages)d average monthly wage of the region.",
        "You are free. The plant pays you once %(wages)d average monthly wages of the region.",
        wages.value,
    )
    return paid % {"wages": wages.value}


def _rule(name: str, on: date) -> Rule | None:
    try:
        return rule(name, on=on)
    except NoRuleInForce:
        return None
