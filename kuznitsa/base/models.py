"""What the tools remember: the audit trail, used form tokens, progress of jobs, letters sent."""

from typing import TYPE_CHECKING

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from typing import Any, Self


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def about(self, obj: models.Model) -> "Self":
        return self.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk))


class AuditEntry(models.Model):
    """Something a user did. Written by `base.audit.audit()`, never changed."""

    verb = models.CharField(_("verb"), max_length=100)
    object_type = models.CharField(_("type of object"), max_length=100)
    object_id = models.CharField(_("number of object"), max_length=40)
    object_name = models.CharField(_("object"), max_length=200)
    actor_id = models.BigIntegerField(_("number of actor"), null=True)
    actor_name = models.CharField(_("actor"), max_length=200)
    at = models.DateTimeField(_("when"))
    details = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [models.Index(fields=["object_type", "object_id", "at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.object_name}"


class UsedToken(models.Model):
    """A form that was sent, and where its sender was led. Written by `base.once`, cleared after some days."""

    key = models.CharField(_("key"), max_length=64, unique=True)
    claimed_at = models.DateTimeField(_("claimed at"), db_index=True)
    location = models.TextField(_("address of the answer"), blank=True)

    class Meta:
        verbose_name = _("used form token")
        verbose_name_plural = _("used form tokens")

    def __str__(self) -> str:
        return self.key


class JobProgress(models.Model):
    """How far a long job is. Written by `base.jobs.report_progress()`."""

    key = models.CharField(_("key"), max_length=100, unique=True)
    done = models.PositiveIntegerField(_("parts done"), default=0)
    total = models.PositiveIntegerField(_("parts in all"), default=0)
    text = models.CharField(_("what is being done"), max_length=200, blank=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("progress of a job")
        verbose_name_plural = _("progress of jobs")

    def __str__(self) -> str:
        return f"{self.key}: {self.done}/{self.total}"

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done // self.total) if self.total else 0

    @property
    def is_finished(self) -> bool:
        return 0 < self.total <= self.done


class SentLetterQuerySet(models.QuerySet["SentLetter"]):
    def about(self, obj: models.Model) -> "Self":
        return self.filter(about_type=obj._meta.label_lower, about_id=str(obj.pk))

    def sent_to(self, user: "Any") -> "Self":
        return self.filter(user_id=user.pk)


class SentLetter(models.Model):
    """A letter and why it was sent. Written by `base.mail`; the text is kept only until it has left."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting to be sent")
        SENT = "sent", _("has been sent")
        FAILED = "failed", _("could not be sent")

    to = models.EmailField(_("address of the recipient"))
    user_id = models.BigIntegerField(_("number of user"), null=True, db_index=True)
    subject = models.CharField(_("subject of the letter"), max_length=200)
    template = models.CharField(_("template of the letter"), max_length=100)
    language = models.CharField(_("language"), max_length=10)
    about_type = models.CharField(_("type of object"), max_length=100, blank=True)
    about_id = models.CharField(_("number of object"), max_length=40, blank=True)
    at = models.DateTimeField(_("when"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    body = models.TextField(_("text of the letter"), blank=True)
    html = models.TextField(_("text of the letter with markup"), blank=True)

    objects = SentLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes = [models.Index(fields=["about_type", "about_id", "at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.to}: {self.subject}"
