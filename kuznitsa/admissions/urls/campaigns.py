from django.urls import path

from kuznitsa.admissions.views import campaigns, rules

urlpatterns = [
    path("campaigns/", campaigns.list_, name="campaigns"),
    path("campaigns/new/", campaigns.create, name="campaign-create"),
    path("campaigns/<int:pk>/", campaigns.detail, name="campaign"),
    path("campaigns/<int:pk>/edit/", campaigns.edit, name="campaign-edit"),
    path("campaigns/<int:pk>/open/", campaigns.open_, name="campaign-open"),
    path("campaigns/<int:pk>/return/", campaigns.return_, name="campaign-return"),
    path("campaigns/<int:pk>/close/", campaigns.close, name="campaign-close"),
    path("campaigns/<int:pk>/reopen/", campaigns.reopen, name="campaign-reopen"),
    path("campaigns/<int:pk>/seed/", campaigns.seed, name="campaign-seed"),
    path("campaigns/<int:pk>/complete/", campaigns.complete, name="campaign-complete"),
    path("campaigns/<int:pk>/rules/", rules.campaign, name="campaign-rules"),
    path("campaigns/<int:pk>/rules/edit/", rules.edit_campaign, name="campaign-rules-edit"),
    path("offers/<int:pk>/rules/", rules.edit_offer, name="offer-rules"),
    path("applications/<int:pk>/claims/add/", rules.state_claim, name="claim-add"),
    path("claims/<int:pk>/take-back/", rules.take_back_claim, name="claim-take-back"),
    path("claims/<int:pk>/confirm/", rules.confirm_claim, name="claim-confirm"),
    path("claims/<int:pk>/refuse/", rules.refuse_claim, name="claim-refuse"),
]
