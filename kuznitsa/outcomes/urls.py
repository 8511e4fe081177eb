from django.urls import path

from kuznitsa.outcomes.views import exams, hires

app_name = "outcomes"

urlpatterns = [
    path("exams/", exams.list_, name="exams"),
    path("exams/new/", exams.create, name="exam-create"),
    path("exams/<int:pk>/", exams.detail, name="exam"),
    path("exams/<int:pk>/edit/", exams.edit, name="exam-edit"),
    path("exams/<int:pk>/close/", exams.close, name="exam-close"),
    path("exams/<int:pk>/reopen/", exams.reopen, name="exam-reopen"),
    path("hires/", hires.list_, name="hires"),
    path("hires/new/", hires.create, name="hire-create"),
    path("hires/<int:pk>/", hires.detail, name="hire"),
    path("hires/<int:pk>/edit/", hires.edit, name="hire-edit"),
    path("hires/<int:pk>/leave/", hires.leave, name="hire-leave"),
    path("hires/<int:pk>/return/", hires.return_, name="hire-return"),
    path("hires/<int:pk>/cancel/", hires.cancel, name="hire-cancel"),
    path("check-points/", hires.check_points, name="check_points"),
    path("check-points/<int:pk>/answer/", hires.answer, name="check-point-answer"),
    path("check-points/<int:pk>/settle/", hires.settle, name="check-point-settle"),
]
