from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AdmissionsConfig(AppConfig):
    name = "kuznitsa.admissions"
    verbose_name = _("admissions")

    def ready(self) -> None:
        self._show_offers_and_campaigns()
        self._show_applications()
        self._show_contracts()
        self._answer_programmes()
        self._listen()

    def _listen(self) -> None:
        from kuznitsa.admissions import receivers
        from kuznitsa.people import signals

        signals.consent_withdrawn.connect(receivers.stop_applications, dispatch_uid="admissions.stop_applications")
        signals.consent_given.connect(receivers.resume_applications, dispatch_uid="admissions.resume_applications")

    def _show_offers_and_campaigns(self) -> None:
        from kuznitsa.admissions.queries import offers
        from kuznitsa.ui import history, navigation, panels

        history.register(
            {
                "admissions.campaign.seed_entered": _("entered the seed of the draw"),
                "admissions.campaign.rules_set": _("set quotas and limits"),
                "admissions.targetoffer.rules_set": _("divided the seats"),
                "admissions.targetoffer.seats_changed": _("changed the number of seats"),
            }
        )
        offers_name, campaigns_name = pgettext_lazy("menu", "Offers"), pgettext_lazy("menu", "Admission")
        navigation.register(navigation.NavItem(offers_name, "admissions:offers", icon="briefcase", order=30))
        navigation.register(
            navigation.NavItem(campaigns_name, "admissions:campaigns", icon="megaphone", order=68, overview=True)
        )
        template = "admissions/offers/of_object.html"
        panels.register("demand:detail", panels.Panel(template, offers.panel_of_need))
        panels.register("agreements:obligation", panels.Panel(template, offers.panel_of_obligation))
        panels.register("organisations:detail", panels.Panel(template, offers.panel_of_organisation, order=30))
        panels.register("clusters:detail", panels.Panel(template, offers.panel_of_cluster, order=30))
        panels.register("programmes:intake", panels.Panel(template, offers.panel_of_intake))

    def _show_applications(self) -> None:
        from kuznitsa.admissions.queries import panels as shown
        from kuznitsa.admissions.queries import starting
        from kuznitsa.ui import history, navigation, panels

        history.register(
            {
                "admissions.application.started": _("started"),
                "admissions.application.document_added": _("added a paper"),
                "admissions.application.document_removed": _("took a paper out"),
                "admissions.application.guardian_agreed": _("guardian agreed"),
                "admissions.application.consent_withdrawn": _("consent withdrawn"),
                "admissions.application.came_late": _("counted as late"),
                "admissions.application.receipt_issued": _("receipt issued"),
                "admissions.application.claim_stated": _("stated a right to a quota"),
                "admissions.application.claim_taken_back": _("took a right to a quota back"),
                "admissions.application.claim_confirmed": _("confirmed a right to a quota"),
                "admissions.application.claim_refused": _("did not confirm a right to a quota"),
                "admissions.application.score_corrected": _("corrected the points"),
                "admissions.run.score_corrected": _("corrected points after publication"),
                "admissions.run.recorded": _("froze the public record"),
                "admissions.application.way_in_sent": _("sent a link to sign in"),
                "admissions.run.created": _("calculation asked for"),
                "admissions.run.calculated": _("calculated and checked"),
                "admissions.seat.called": _("called from the list"),
                "admissions.seat.given_apart": _("gave a seat by decision"),
                "admissions.run.round_held": _("held a round"),
                "admissions.campaign.round_refused": _("a round was refused"),
            }
        )
        navigation.register(
            navigation.NavItem(
                _("Applications"),
                "admissions:applications",
                "file-text",
                32,
                show=is_signed_in,
                leads=checks_applications,
            )
        )
        panels.register(
            "admissions:campaign", panels.Panel("admissions/applications/of_campaign.html", shown.panel_of_campaign, 10)
        )
        panels.register(
            "admissions:offer:actions", panels.Panel("admissions/applications/of_offer.html", shown.panel_of_offer, 10)
        )
        panels.register(
            "people:detail", panels.Panel("admissions/applications/of_person.html", shown.panel_of_person, 20)
        )
        panels.register(
            "accounts:sign-in", panels.Panel("admissions/applications/of_sign_in.html", starting.panel_of_sign_in)
        )

    def _show_contracts(self) -> None:
        from kuznitsa.admissions.queries import contract_pages
        from kuznitsa.agreements.queries import verification
        from kuznitsa.ui import history, navigation, panels

        verification.register(contract_pages.public_paper)
        history.register(
            {
                "admissions.targetcontract.drawn_up": _("drew the contract up"),
                "admissions.supportpayment.recorded": _("entered a payment"),
            }
        )
        navigation.register(
            navigation.NavItem(
                _("Contracts"), "admissions:contracts", icon="file-pen-line", order=34, show=is_signed_in
            )
        )
        panels.register(
            "admissions:offer",
            panels.Panel("admissions/contracts/of_offer.html", contract_pages.panel_of_offer, order=30),
        )
        panels.register(
            "people:detail",
            panels.Panel("admissions/contracts/of_person.html", contract_pages.panel_of_person, order=20),
        )
        panels.register(
            "programmes:intake",
            panels.Panel("admissions/contracts/of_intake.html", contract_pages.panel_of_intake, order=20),
        )

    def _answer_programmes(self) -> None:
        from kuznitsa.admissions import receivers
        from kuznitsa.programmes.signals import enrolment_annulled, intake_shrinks

        intake_shrinks.connect(receivers.why_intake_may_not_shrink)
        enrolment_annulled.connect(receivers.why_enrolment_may_not_go)


def is_signed_in(user: Any) -> bool:
    return bool(user.is_authenticated)


def checks_applications(user: Any) -> bool:
    from kuznitsa.organisations.enums import Role
    from kuznitsa.organisations.queries import standing

    return bool(standing(user).organisations(Role.ADMISSIONS))
