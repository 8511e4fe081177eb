"""Root urls: one line an app; each app's urls begin with its own plural nouns."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("kuznitsa.pages.urls")),
    path("", include("kuznitsa.workspaces.urls")),
    path("", include("kuznitsa.insight.urls")),
    path("", include("kuznitsa.outcomes.urls")),
    path("", include("kuznitsa.placements.urls")),
    path("", include("kuznitsa.admissions.urls")),
    path("", include("kuznitsa.programmes.urls")),
    path("", include("kuznitsa.agreements.urls")),
    path("", include("kuznitsa.demand.urls")),
    path("", include("kuznitsa.facts.urls")),
    path("", include("kuznitsa.clusters.urls")),
    path("", include("kuznitsa.people.urls")),
    path("", include("kuznitsa.organisations.urls")),
    path("", include("kuznitsa.accounts.urls")),
    path("", include("kuznitsa.ui.urls")),
    path("", include("kuznitsa.base.urls")),
    path("admin/", admin.site.urls),
]
