from django.urls import path

from kuznitsa.admissions.views import contract_steps, contracts

urlpatterns = [
    path("contracts/", contracts.list_, name="contracts"),
    path("contracts/draw-up/", contracts.draw_up, name="contracts-draw-up"),
    path("contracts/to-sign/", contracts.to_sign, name="contracts-to-sign"),
    path("contracts/<int:pk>/", contracts.detail, name="contract"),
    path("contracts/<int:pk>/paper/", contracts.paper, name="contract-paper"),
    path("contracts/<int:pk>/sign/", contracts.sign, name="contract-sign"),
    path("contracts/<int:pk>/scan/", contracts.scan, name="contract-scan"),
    path("contracts/<int:pk>/cancel/", contract_steps.cancel, name="contract-cancel"),
    path("contracts/<int:pk>/suspend/", contract_steps.suspend, name="contract-suspend"),
    path("contracts/<int:pk>/resume/", contract_steps.resume, name="contract-resume"),
    path("contracts/<int:pk>/terminate/", contract_steps.terminate, name="contract-terminate"),
    path("contracts/<int:pk>/reopen/", contract_steps.reopen, name="contract-reopen"),
    path("contracts/<int:pk>/annul/", contract_steps.annul, name="contract-annul"),
    path("contracts/<int:pk>/fulfil/", contract_steps.fulfil, name="contract-fulfil"),
    path("contracts/<int:pk>/pay/", contract_steps.pay, name="contract-pay"),
    path("payments/<int:pk>/cancel/", contract_steps.cancel_payment, name="payment-cancel"),
    path("offers/<int:pk>/contract/", contracts.draw_up_for_student, name="offer-contract"),
    path("offers/<int:pk>/pay/", contract_steps.pay_month, name="offer-pay"),
]
