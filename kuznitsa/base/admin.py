"""Letters for those who run the installation: to whom, about what, and whether they have left; never their text."""

from django.contrib import admin

from kuznitsa.base.models import SentLetter


@admin.register(SentLetter)
class SentLetterAdmin(admin.ModelAdmin):
    list_display = ("at", "to", "subject", "status")
    list_filter = ("status",)
    ordering = ("-pk",)
    show_full_result_count = False
    # The text of a letter that waits may hold a link that signs in.
    fields = ("at", "to", "subject", "template", "language", "status")
    readonly_fields = fields

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: SentLetter | None = None) -> bool:
        return False
