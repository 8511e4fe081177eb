"""Accounts for those who run the installation: closing them, and who else runs it; passwords stay with their owners."""

from django.contrib import admin

from kuznitsa.accounts.models import User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("full_name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("search",)
    ordering = ("search",)
    fields = ("email", "full_name", "language", "is_active", "is_staff", "is_superuser", "last_login", "date_joined")
    readonly_fields = ("last_login", "date_joined")

    def has_delete_permission(self, request: object, obj: User | None = None) -> bool:
        """An account is closed, never deleted: what its owner did stays on record."""
        return False
