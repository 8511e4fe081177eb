from kuznitsa.admissions.urls import applications, campaigns, contracts, imports, offers, runs

app_name = "admissions"

urlpatterns = [
    *offers.urlpatterns,
    *campaigns.urlpatterns,
    *applications.urlpatterns,
    *imports.urlpatterns,
    *runs.urlpatterns,
    *contracts.urlpatterns,
]
