"""Users and the links by which they sign in."""

import hashlib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kuznitsa.base.fields import SearchField

if TYPE_CHECKING:
    from typing import Self


class UserQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "Self":
        """Everyone sees their own account; staff of the installation see all."""
        return self if user.is_staff else self.filter(pk=user.pk)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. What they may do comes from memberships, and from being somebody's student or guardian."""

    email = models.EmailField(_("e-mail"), unique=True, error_messages={"unique": _("This address is taken.")})
    full_name = models.CharField(_("full name"), max_length=200)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="ru")
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("administers the installation"), default=False)
    date_joined = models.DateTimeField(_("joined at"), default=timezone.now)
    search = SearchField(of=("full_name", "email"))

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="accounts_user_email_any_case", violation_error_message=_("This address is taken.")
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        """How one addresses the person: without the surname where it stands first of three names."""
        names = self.full_name.split()
        return " ".join(names[1:]) if len(names) == 3 else str(self)


def hash_of(secret: str) -> str:
    """Return what is kept of a secret that was sent by mail. It is long and random, so a fast hash will do."""
    return hashlib.sha256(secret.encode()).hexdigest()


class SignInLinkQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "Self":
        """Nobody looks at links; they come by mail."""
        return self.none()

    def with_secret(self, secret: str) -> "Self":
        return self.filter(secret_hash=hash_of(secret))


class SignInLink(models.Model):
    """A link by mail that signs its user in once. Only the hash of its secret is kept.

    Without a user it goes to a newcomer: its use makes an account for `email`, in `language`.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="sign_in_links", verbose_name=_("user")
    )
    email = models.EmailField(_("e-mail"), blank=True, db_index=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="ru")
    secret_hash = models.CharField(_("hash of the secret"), max_length=64, unique=True)
    next_url = models.CharField(_("page to go to"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    objects = SignInLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in link")
        verbose_name_plural = _("sign-in links")
        constraints = [
            models.CheckConstraint(condition=~Q(user=None, email=""), name="accounts_link_goes_to_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def address(self) -> str:
        """Where the letter with the link went."""
        return self.user.email if self.user else self.email
