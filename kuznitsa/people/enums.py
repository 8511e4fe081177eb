"""Purposes of consent, ties of persons to organisations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConsentPurpose(models.TextChoices):
    """One consent per purpose: since 01.09.2025 a consent is a paper of its own."""

    PROCESSING = "processing", _("processing of personal data by the college")
    EMPLOYER = "employer", _("passing of personal data to the enterprise")
    TARGET_CONTRACT = "target_contract", _("taking part in target training and concluding the contract")
    PRACTICE = "practice", _("practice at the enterprise, with medical data for admission to it")
    IMAGE = "image", _("publication of photographs and video")


class ConsentChannel(models.TextChoices):
    ONLINE = "online", _("in the product")
    PAPER = "paper", _("on paper")


class GuardianKind(models.TextChoices):
    PARENT = "parent", _("parent")
    GUARDIAN = "guardian", _("guardian")


class AffiliationKind(models.TextChoices):
    """Why an organisation may see a person."""

    PUPIL = "pupil", _("pupil")
    APPLICANT = "applicant", _("applicant")
    STUDENT = "student", _("student")
    TARGET_STUDENT = "target_student", _("student under a target contract")
    TRAINEE = "trainee", _("trainee")
    EMPLOYEE = "employee", _("employee")
