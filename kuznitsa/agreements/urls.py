from django.urls import path

from kuznitsa.agreements.views import acts, agreements, obligations, signing, verification

app_name = "agreements"

urlpatterns = [
    path("agreements/", agreements.list_, name="list"),
    path("agreements/new/", agreements.create, name="create"),
    path("agreements/<int:pk>/", agreements.detail, name="detail"),
    path("agreements/<int:pk>/edit/", agreements.edit, name="edit"),
    path("agreements/<int:pk>/paper/", agreements.paper, name="paper"),
    path("agreements/<int:pk>/send/", signing.send, name="send"),
    path("agreements/<int:pk>/return/", signing.return_, name="return"),
    path("agreements/<int:pk>/withdraw/", signing.withdraw, name="withdraw"),
    path("agreements/<int:pk>/reopen/", signing.reopen, name="reopen"),
    path("agreements/<int:pk>/terminate/", signing.terminate, name="terminate"),
    path("agreements/<int:pk>/prolong/", signing.prolong, name="prolong"),
    path("parties/<int:pk>/sign/", signing.sign, name="sign"),
    path("parties/<int:pk>/upload/", signing.upload, name="upload"),
    path("parties/<int:pk>/scan/", signing.scan, name="scan"),
    path("obligations/", obligations.list_, name="obligations"),
    path("obligations/<int:pk>/", obligations.detail, name="obligation"),
    path("obligations/<int:pk>/waive/", obligations.waive, name="waive"),
    path("obligations/<int:pk>/restore/", obligations.restore, name="restore"),
    path("obligations/<int:pk>/acts/new/", acts.create, name="act-create"),
    path("acts/<int:pk>/edit/", acts.edit, name="act-edit"),
    path("acts/<int:pk>/paper/", acts.paper, name="act-paper"),
    path("acts/<int:pk>/accept/", acts.accept, name="act-accept"),
    path("acts/<int:pk>/return/", acts.return_, name="act-return"),
    path("verify/", verification.search, name="verify-search"),
    path("verify/<slug:digest>/", verification.verify, name="verify"),
]
