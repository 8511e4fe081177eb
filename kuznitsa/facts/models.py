"""The fact ledger: append-only, every fact in the transaction of the action that made it so.

A `Thread` ties facts to what they follow: one plant's need for an occupation in a year, and under it the
offers that answer the need. `ThreadSum` keeps, per thread and kind, what the ledger adds up to, `MonthSum` what it
adds up to between two organisations in a month; both are written in the same transaction as the facts, and
`facts.queries.unbalanced_sums()` verifies them.
"""

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kuznitsa.classifiers.models import Occupation
from kuznitsa.clusters.models import Cluster
from kuznitsa.facts.enums import FACT_CARDS, FactCard, FactKind
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing
from kuznitsa.people.models import Person

if TYPE_CHECKING:
    from typing import Self


class ThreadQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """Numbers are public: who promised what and what came of it. Persons behind them are not."""
        return self

    def tops(self) -> "Self":
        return self.filter(parent=None)

    def with_branches(self, top: "Thread") -> "Self":
        """The thread of a need and those of the offers that answer it."""
        return self.filter(Q(pk=top.pk) | Q(parent=top))


class Thread(models.Model):
    """What facts follow: who needs whom, where they are taught, for which year.

    The thread of a need has no parent; the thread of an offer has the need's thread as its parent, if the
    offer answers a need.
    """

    title = models.CharField(_("title"), max_length=300)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="branches", verbose_name=_("part of")
    )
    cluster = models.ForeignKey(
        Cluster, on_delete=models.PROTECT, null=True, blank=True, related_name="threads", verbose_name=_("cluster")
    )
    employer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="threads_as_employer", verbose_name=_("enterprise")
    )
    college = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="threads_as_college",
        verbose_name=_("college"),
    )
    occupation = models.ForeignKey(
        Occupation, on_delete=models.PROTECT, related_name="threads", verbose_name=_("occupation")
    )
    year = models.PositiveSmallIntegerField(_("year in which the people are needed"))

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        indexes = [
            models.Index(fields=["occupation", "year"]),
            models.Index(fields=["cluster", "year"]),
            models.Index(fields=["employer", "year"]),
        ]

    def __str__(self) -> str:
        return self.title


class FactQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """Facts of one's organisations and of clusters they take part in or that one oversees."""
        held = standing(user)
        if held.oversees_all:
            return self
        mine = held.organisations()
        scope = Q(organisation__in=mine) | Q(counterpart__in=mine)
        if user.is_authenticated:
            scope |= Q(cluster__in=Cluster.objects.of(user))
        return self.filter(scope)

    def of(self, threads: ThreadQuerySet) -> "Self":
        """The facts of `threads`; of all of them without looking each up."""
        return self.filter(thread__in=threads) if threads.query.where else self.filter(thread__isnull=False)

    def effective(self) -> "Self":
        """Facts that stand: neither reversed nor reversals."""
        return self.filter(reverses=None, reversed_by=None)

    def from_source(self, source: models.Model) -> "Self":
        return self.filter(source_type=ContentType.objects.get_for_model(source), source_id=source.pk)

    def newest_first(self) -> "Self":
        return self.order_by("-on", "-pk")


class Fact(models.Model):
    """Something that happened, once, on a date. Written by `facts.actions`, never changed or deleted."""

    kind = models.CharField(_("kind"), max_length=20, choices=FactKind.choices)
    on = models.DateField(_("on"))
    quantity = models.BigIntegerField(_("quantity"), help_text=_("In the unit of the kind; money in kopecks."))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="facts", verbose_name=_("whose fact it is")
    )
    counterpart = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="facts_as_counterpart",
        verbose_name=_("for whom"),
    )
    cluster = models.ForeignKey(
        Cluster, on_delete=models.PROTECT, null=True, blank=True, related_name="facts", verbose_name=_("cluster")
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="facts", verbose_name=_("person")
    )
    thread = models.ForeignKey(
        Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="facts", verbose_name=_("thread")
    )
    source_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, verbose_name=_("type of source"))
    source_id = models.BigIntegerField(_("number of source"))
    source = GenericForeignKey("source_type", "source_id")
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name=_("cancels")
    )
    reason = models.CharField(_("reason of the correction"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        indexes = [
            models.Index(fields=["thread", "kind", "on"]),
            # What is behind a number of all threads, the newest first.
            models.Index(fields=["kind", "on"], condition=Q(thread__isnull=False), name="facts_fact_of_threads"),
            models.Index(fields=["organisation", "kind", "on"]),
            # Covers the count of obligations: who owes, to whom, what, between which days.
            models.Index(
                fields=["organisation", "counterpart", "kind", "on", "thread", "quantity"],
                name="facts_fact_obligations",
            ),
            models.Index(fields=["counterpart", "kind", "on"]),
            models.Index(fields=["cluster", "kind", "on"]),
            models.Index(fields=["source_type", "source_id"]),
            # Covers the count of people who applied, each once whatever they applied for. (SQLite reads the row
            # itself unless the kind is in the index, too.)
            models.Index(
                fields=["kind", "person", "thread", "quantity"],
                condition=Q(kind=FactKind.APPLIED),
                name="facts_fact_applicants",
            ),
            # Covers the count of those hired until a day.
            models.Index(
                fields=["kind", "on", "thread", "reverses", "quantity"],
                condition=Q(kind=FactKind.HIRED),
                name="facts_fact_hires",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(reverses=None) | ~Q(reason=""),
                name="facts_correction_has_reason",
                violation_error_message=_("A correction needs its reason."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.on:%d.%m.%Y} · {self.quantity}"

    @property
    def card(self) -> FactCard:
        return FACT_CARDS[FactKind(self.kind)]


class ThreadSumQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        return self

    def of(self, threads: ThreadQuerySet) -> "Self":
        """The sums of `threads`; of all of them without looking each up."""
        return self.filter(thread__in=threads) if threads.query.where else self


class ThreadSum(models.Model):
    """What the facts of one kind on one thread add up to, reversals included."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="sums", verbose_name=_("thread"))
    kind = models.CharField(_("kind"), max_length=20, choices=FactKind.choices)
    quantity = models.BigIntegerField(_("quantity"), default=0)

    objects = ThreadSumQuerySet.as_manager()

    class Meta:
        verbose_name = _("sum of a thread")
        verbose_name_plural = _("sums of threads")
        constraints = [models.UniqueConstraint(fields=["thread", "kind"], name="facts_sum_once_per_thread_and_kind")]
        # Covers the sums of many threads: those of some kinds, whatever the thread.
        indexes = [models.Index(fields=["kind", "thread", "quantity"], name="facts_sum_of_kind")]

    def __str__(self) -> str:
        return f"{self.thread} · {self.get_kind_display()} · {self.quantity}"


class MonthSumQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        return self


class MonthSum(models.Model):
    """What the facts of one kind of one organisation for another add up to in a month, reversals included.

    `month` is its first day. Long promises are counted by these instead of by each fact.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("whose fact it is")
    )
    counterpart = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("for whom")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=FactKind.choices)
    month = models.DateField(_("month"))
    quantity = models.BigIntegerField(_("quantity"), default=0)

    objects = MonthSumQuerySet.as_manager()

    class Meta:
        verbose_name = _("sum of a month")
        verbose_name_plural = _("sums of months")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "counterpart", "kind", "month"],
                name="facts_sum_once_per_month",
            )
        ]
        # Covers the count of obligations: who owes, to whom, what, in which months.
        indexes = [
            models.Index(fields=["organisation", "counterpart", "kind", "month", "quantity"], name="facts_sum_of_month")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.counterpart} · {self.get_kind_display()} · {self.month:%m.%Y}"
