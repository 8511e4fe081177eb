from django.urls import path

from kuznitsa.placements.views import placements, places

app_name = "placements"

urlpatterns = [
    path("practice/", places.list_, name="list"),
    path("practice/mine/", placements.mine, name="mine"),
    path("practice-places/new/", places.create, name="place-create"),
    path("practice-places/<int:pk>/", places.detail, name="place"),
    path("practice-places/<int:pk>/edit/", places.edit, name="place-edit"),
    path("practice-places/<int:pk>/students/", places.place_students, name="place-students"),
    path("practice-places/<int:pk>/close/", places.close, name="place-close"),
    path("practice-places/<int:pk>/reopen/", places.reopen, name="place-reopen"),
    path("placements/", placements.list_, name="placements"),
    path("placements/<int:pk>/", placements.detail, name="detail"),
    path("placements/<int:pk>/prepare/", placements.prepare, name="prepare"),
    path("placements/<int:pk>/brief/", placements.brief, name="brief"),
    path("placements/<int:pk>/start/", placements.start, name="start"),
    path("placements/<int:pk>/no-show/", placements.no_show, name="no-show"),
    path("placements/<int:pk>/interrupt/", placements.interrupt, name="interrupt"),
    path("placements/<int:pk>/complete/", placements.complete, name="complete"),
    path("placements/<int:pk>/reopen/", placements.reopen, name="reopen"),
    path("placements/<int:pk>/cancel/", placements.cancel, name="cancel"),
]
