from django.urls import path

from kuznitsa.admissions.views import imports

urlpatterns = [
    path("campaigns/<int:pk>/imports/", imports.list_, name="imports"),
    path("campaigns/<int:pk>/imports/template.xlsx", imports.template, name="import-template"),
    path("imports/<int:pk>/", imports.detail, name="import"),
    path("imports/<int:pk>/errors.xlsx", imports.errors, name="import-errors"),
    path("imports/<int:pk>/confirm/", imports.confirm, name="import-confirm"),
    path("imports/<int:pk>/cancel/", imports.cancel, name="import-cancel"),
    path("imports/<int:pk>/undo/", imports.undo, name="import-undo"),
]
