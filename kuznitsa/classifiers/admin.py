"""Rows that an installation adds to the classifiers; those of the product's own files come back after an update."""

from django.contrib import admin

from kuznitsa.classifiers.models import Industry, Occupation, Region


@admin.register(Region, Industry, Occupation)
class ClassifierAdmin(admin.ModelAdmin):
    list_display = ("code", "name_ru", "valid_from", "valid_to")
    search_fields = ("search",)
    ordering = ("code",)
