from django.urls import path

from kuznitsa.programmes.views import facilities, intakes, programmes

app_name = "programmes"

urlpatterns = [
    path("programmes/", programmes.list_, name="list"),
    path("programmes/new/", programmes.create, name="create"),
    path("programmes/<int:pk>/", programmes.detail, name="detail"),
    path("programmes/<int:pk>/edit/", programmes.edit, name="edit"),
    path("programmes/<int:pk>/intakes/new/", intakes.create, name="intake-create"),
    path("intakes/<int:pk>/", intakes.detail, name="intake"),
    path("intakes/<int:pk>/edit/", intakes.edit, name="intake-edit"),
    path("intakes/<int:pk>/start/", intakes.start, name="intake-start"),
    path("intakes/<int:pk>/finish/", intakes.finish, name="intake-finish"),
    path("intakes/<int:pk>/cancel/", intakes.cancel, name="intake-cancel"),
    path("intakes/<int:pk>/reopen/", intakes.reopen, name="intake-reopen"),
    path("intakes/<int:pk>/enrol/", intakes.enrol, name="intake-enrol"),
    path("enrolments/<int:pk>/", intakes.enrolment, name="enrolment"),
    path("enrolments/<int:pk>/leave/", intakes.leave, name="enrolment-leave"),
    path("enrolments/<int:pk>/expel/", intakes.expel, name="enrolment-expel"),
    path("enrolments/<int:pk>/graduate/", intakes.graduate, name="enrolment-graduate"),
    path("enrolments/<int:pk>/annul/", intakes.annul, name="enrolment-annul"),
    path("enrolments/<int:pk>/return/", intakes.return_, name="enrolment-return"),
    path("facilities/", facilities.list_, name="facilities"),
    path("facilities/new/", facilities.create, name="facility-create"),
    path("facilities/<int:pk>/", facilities.detail, name="facility"),
    path("facilities/<int:pk>/edit/", facilities.edit, name="facility-edit"),
    path("facilities/<int:pk>/equip/", facilities.equip, name="facility-equip"),
    path("facilities/<int:pk>/plan/", facilities.plan, name="facility-plan"),
    path("facilities/<int:pk>/accept/", facilities.accept, name="facility-accept"),
    path("facilities/<int:pk>/reopen/", facilities.reopen, name="facility-reopen"),
]
