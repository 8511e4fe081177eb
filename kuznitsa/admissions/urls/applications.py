from django.urls import path

from kuznitsa.admissions.views import applications, checking, receipts, starting, why

urlpatterns = [
    path("applications/", applications.list_, name="applications"),
    path("applications/new/", starting.choose_campaign, name="application-new"),
    path("applications/join/", starting.join, name="join-any"),
    path("applications/join/sent/", starting.join_sent, name="join-sent"),
    path("applications/<int:pk>/", applications.detail, name="application"),
    path("applications/<int:pk>/edit/", applications.edit, name="application-edit"),
    path("applications/<int:pk>/agree/", applications.agree, name="application-agree"),
    path("applications/<int:pk>/receipt/", receipts.receipt, name="application-receipt"),
    path("applications/<int:pk>/why/", why.why, name="application-why"),
    path("applications/<int:pk>/add-document/", applications.add_document, name="application-add-document"),
    path("applications/<int:pk>/submit/", applications.submit, name="application-submit"),
    path("applications/<int:pk>/decline/", applications.decline, name="application-decline"),
    path("applications/<int:pk>/revise/", applications.revise, name="application-revise"),
    path("applications/<int:pk>/withdraw/", applications.withdraw, name="application-withdraw"),
    path("applications/<int:pk>/check/", checking.check, name="application-check"),
    path("applications/<int:pk>/return/", checking.return_, name="application-return"),
    path("applications/<int:pk>/reject/", checking.reject, name="application-reject"),
    path("applications/<int:pk>/reconsider/", checking.reconsider, name="application-reconsider"),
    path("applications/<int:pk>/correct-score/", checking.correct_score, name="application-correct-score"),
    path("applications/<int:pk>/send-way-in/", starting.send_way_in, name="application-send-way-in"),
    path("campaigns/<int:pk>/apply/", starting.start, name="application-start"),
    path("campaigns/<int:pk>/join/", starting.join, name="join"),
    path("documents/<int:pk>/", applications.document, name="application-document"),
    path("documents/<int:pk>/remove/", applications.remove_document, name="application-remove-document"),
    path("receipts/", receipts.check, name="receipts"),
]
