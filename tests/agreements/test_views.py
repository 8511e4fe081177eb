"""Screens: happy, refused, invalid; lists cost the same for one row and for three."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kuznitsa.agreements import actions
from kuznitsa.agreements.enums import ActState, AgreementState, ObligationKind, ObligationState
from kuznitsa.agreements.models import Act, Agreement
from kuznitsa.clusters.enums import Part
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Organisation
from tests.factories.agreements import agreed, drafted, partners, promise, sent
from tests.factories.clusters import ClusterFactory, ParticipationFactory
from tests.factories.organisations import EmployerFactory, member

pytestmark = pytest.mark.django_db


def in_cluster(world):
    """Put both partners into one cluster, so that they can choose each other."""
    world.cluster = ClusterFactory()
    for organisation in (world.plant, world.college):
        ParticipationFactory(cluster=world.cluster, organisation=organisation, part=Part.PARTNER)
    return world


def typed(world, **changes):
    """Return what a browser sends when one obligation is filled in."""
    values = {
        "number": "7/26",
        "title": "соглашение о партнёрстве",
        "kind": "partnership",
        "cluster": "",
        "starts_on": "2026-09-01",
        "ends_on": "2029-08-31",
        "subject": "Подготовка рабочих.",
        "parties-TOTAL_FORMS": "3",
        "parties-INITIAL_FORMS": "0",
        "parties-0-organisation": world.plant.pk,
        "parties-1-organisation": world.college.pk,
        "parties-2-organisation": "",
        "obligations-TOTAL_FORMS": "2",
        "obligations-INITIAL_FORMS": "0",
        "obligations-0-owner": world.plant.pk,
        "obligations-0-beneficiary": world.college.pk,
        "obligations-0-kind": "visits",
        "obligations-0-quantity": "5",
        "obligations-0-due_on": "2027-06-30",
        "obligations-0-text": "экскурсии в сборочные цеха",
        "obligations-1-kind": "",
    }
    return values | changes


def test_the_form_draws_an_agreement_up(at, client_as):
    world = in_cluster(partners())
    client = client_as(world.coordinator)
    assert client.get(reverse("agreements:create")).status_code == 200
    response = client.post(reverse("agreements:create"), typed(world))
    agreement = Agreement.objects.get()
    assert response["Location"] == agreement.get_absolute_url()
    assert agreement.parties.count() == 2
    assert agreement.obligations.get().text == "экскурсии в сборочные цеха"


def test_a_button_gives_one_more_row_and_keeps_what_was_typed(at, client_as):
    world = in_cluster(partners())
    page = client_as(world.coordinator).post(
        reverse("agreements:create"), typed(world, more="obligations", starts_on="скоро")
    )
    html = page.content.decode()
    assert not Agreement.objects.exists()
    assert 'name="obligations-TOTAL_FORMS" value="3"' in html
    assert "экскурсии в сборочные цеха" in html
    assert 'value="скоро"' in html
    assert 'role="alert"' not in html


def test_a_row_ticked_for_removal_is_left_out(at, client_as):
    world = in_cluster(partners())
    page = client_as(world.coordinator).post(
        reverse("agreements:create"), typed(world, **{"more": "parties", "obligations-0-DELETE": "on"})
    )
    assert "экскурсии в сборочные цеха" not in page.content.decode()
    client_as(world.coordinator).post(reverse("agreements:create"), typed(world, **{"obligations-0-DELETE": "on"}))
    assert not Agreement.objects.get().obligations.exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"title": ""}, "Обязательное поле"),
        ({"ends_on": "2026-08-01"}, "заканчивается раньше"),
        ({"ends_on": "31 ноября"}, "правильную дату"),
        ({"obligations-0-quantity": "много"}, "целое число"),
        ({"obligations-0-due_on": ""}, "Обязательное поле"),
        ({"parties-0-organisation": ""}, "не входит в число сторон"),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed(at, client_as, change, told):
    world = in_cluster(partners())
    page = client_as(world.coordinator).post(reverse("agreements:create"), typed(world, **change))
    html = page.content.decode()
    assert page.status_code == 200
    assert told in html
    assert "экскурсии в сборочные цеха" in html
    assert not Agreement.objects.exists()


def test_the_form_of_an_agreement_being_signed_warns_and_edits(at, client_as):
    world = in_cluster(partners())
    agreement = sent(world, at)
    client = client_as(world.coordinator)
    assert "подписи" in client.get(reverse("agreements:edit", args=[agreement.pk])).content.decode()
    client.post(reverse("agreements:edit", args=[agreement.pk]), typed(world, number="9/26"))
    agreement.refresh_from_db()
    assert (agreement.number, agreement.state) == ("9/26", AgreementState.DRAFT)


def test_only_keepers_get_the_form(at, client_as):
    world = partners()
    response = client_as(member(world.plant, Role.MENTOR)).get(reverse("agreements:create"), follow=True)
    assert "координатор" in response.content.decode()


def test_the_page_signs_in_the_name_of_a_party(at, client_as):
    world = partners()
    agreement = sent(world, at)
    party = agreement.parties.get(organisation=world.plant)
    client = client_as(world.plant_signatory.user)
    page = client.get(agreement.get_absolute_url())
    assert agreement.text_hash in page.content.decode()
    client.post(reverse("agreements:sign", args=[party.pk]), {"text_hash": agreement.text_hash})
    party.refresh_from_db()
    assert party.signatory == world.plant_signatory


def test_the_english_page_marks_what_was_written_in_russian(at, client_as):
    world = partners()
    agreement = agreed(world, at)
    agreement.subject = "Подготовка рабочих."
    agreement.save()
    page = client_as(world.coordinator, language="en").get(agreement.get_absolute_url()).content.decode()
    assert '<div lang="ru"><p>Подготовка рабочих.</p></div>' in page
    assert "in Russian, as it was written" in page


def test_the_page_says_why_one_may_not_sign(at, client_as):
    world = partners()
    agreement = sent(world, at)
    html = client_as(world.hr).get(agreement.get_absolute_url()).content.decode()
    assert "Завражнов Андрей Петрович" in html
    response = client_as(world.hr).post(
        reverse("agreements:sign", args=[agreement.parties.first().pk]), headers={"referer": "/agreements/"}
    )
    assert response.status_code == 302
    assert agreement.parties.unsigned().count() == 2


@pytest.mark.parametrize(("language", "said"), [("ru", "какой текст вы прочли"), ("en", "which text you have read")])
def test_nobody_signs_a_text_that_was_not_shown(at, client_as, language, said):
    world = partners()
    agreement = sent(world, at)
    party = agreement.parties.get(organisation=world.plant)
    client = client_as(world.plant_signatory.user, language=language)
    for values in ({}, {"text_hash": ""}):
        assert said in client.post(reverse("agreements:sign", args=[party.pk]), values, follow=True).text
    assert agreement.parties.unsigned().count() == 2


def test_a_signed_paper_is_uploaded_and_taken_again(at, client_as):
    world = partners()
    agreement = sent(world, at)
    party = agreement.parties.get(organisation=world.plant)
    client = client_as(world.plant_coordinator)
    url = reverse("agreements:upload", args=[party.pk])
    assert client.get(url).status_code == 200
    wrong = {
        "signatory": world.plant_signatory.pk,
        "signed_on": "2026-08-30",
        "scan": SimpleUploadedFile("a.exe", b"MZ\x00"),
    }
    assert "PDF" in client.post(url, wrong).content.decode()
    client.post(url, wrong | {"scan": SimpleUploadedFile("подпись.pdf", b"%PDF-1.7 text")})
    party.refresh_from_db()
    assert party.signed_at is not None
    scan = client.get(reverse("agreements:scan", args=[party.pk]))
    assert b"".join(scan.streaming_content) == b"%PDF-1.7 text"
    assert client_as(partners().hr).get(reverse("agreements:scan", args=[party.pk])).status_code == 404


@pytest.mark.parametrize(
    ("make", "name", "state"),
    [
        (drafted, "send", AgreementState.SIGNING),
        (sent, "return", AgreementState.DRAFT),
        (sent, "withdraw", AgreementState.WITHDRAWN),
        (agreed, "terminate", AgreementState.TERMINATED),
    ],
)
def test_buttons_move_the_agreement(at, client_as, make, name, state):
    world = partners()
    agreement = make(world, at)
    client = client_as(world.coordinator)
    url = reverse(f"agreements:{name}", args=[agreement.pk])
    assert client.get(url).status_code == 405
    client.post(url, {"reason": "Так решили"})
    agreement.refresh_from_db()
    assert agreement.state == state
    assert client.get(agreement.get_absolute_url()).status_code == 200


def test_the_ways_back_are_buttons_too(at, client_as):
    world = partners()
    agreement = drafted(world, at)
    client = client_as(world.coordinator)
    actions.withdraw(agreement=agreement, reason="так", by=world.coordinator, at=at)
    client.post(reverse("agreements:reopen", args=[agreement.pk]), {"reason": "Ошибка"})
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.DRAFT
    Agreement.objects.filter(pk=agreement.pk).update(state=AgreementState.EXPIRED)
    url = reverse("agreements:prolong", args=[agreement.pk])
    client.post(url, {"ends_on": "вчера", "reason": "дс"})
    client.post(url, {"ends_on": "2030-08-31", "reason": "дс № 1"})
    agreement.refresh_from_db()
    assert (agreement.state, agreement.ends_on) == (AgreementState.IN_FORCE, date(2030, 8, 31))


def test_the_paper_is_a_pdf_in_every_state(at, client_as):
    world = partners()
    for agreement in (drafted(world, at), sent(world, at), agreed(world, at, ends_on=None)):
        response = client_as(world.coordinator).get(reverse("agreements:paper", args=[agreement.pk]))
        assert response.content.startswith(b"%PDF")


def test_acts_go_through_the_screens(at, client_as):
    world = partners()
    obligation = agreed(world, at).obligations.get()
    owner, receiver = client_as(world.hr), client_as(world.coordinator)
    url = reverse("agreements:act-create", args=[obligation.pk])
    assert owner.get(url).status_code == 200
    assert "не наступил" in owner.post(url, {"on": "2026-09-05", "quantity": 1, "description": "э"}).content.decode()
    scan = SimpleUploadedFile("act.pdf", b"%PDF-1.7")
    owner.post(url, {"on": "2026-09-01", "quantity": 2, "description": "экскурсия", "scan": scan})
    act = Act.objects.get()
    receiver.post(reverse("agreements:act-return", args=[act.pk]), {"reason": "Нет списка"})
    edit = reverse("agreements:act-edit", args=[act.pk])
    assert owner.get(edit).status_code == 200
    owner.post(edit, {"on": "2026-09-01", "quantity": 3, "description": "экскурсия со списком"})
    receiver.post(reverse("agreements:act-accept", args=[act.pk]))
    act.refresh_from_db()
    assert (act.state, act.quantity) == (ActState.ACCEPTED, 3)
    paper = receiver.get(reverse("agreements:act-paper", args=[act.pk]))
    assert b"".join(paper.streaming_content) == b"%PDF-1.7"
    html = receiver.get(obligation.get_absolute_url()).content.decode()
    assert "экскурсия со списком" in html


def test_an_obligation_is_waived_and_taken_back_on_its_page(at, client_as):
    world = partners()
    obligation = agreed(world, at).obligations.get()
    client = client_as(world.coordinator)
    client.post(reverse("agreements:waive", args=[obligation.pk]), {"reason": "Карантин"})
    assert "Карантин" in client.get(obligation.get_absolute_url()).content.decode()
    client.post(reverse("agreements:restore", args=[obligation.pk]), {"reason": "Кончился"})
    obligation.refresh_from_db()
    assert obligation.state == ObligationState.ACTIVE


def test_strangers_and_visitors_see_nothing(at, client_as):
    world = partners()
    agreement = agreed(world, at)
    stranger = client_as(member(EmployerFactory(), Role.DIRECTOR))
    for url in (agreement.get_absolute_url(), agreement.obligations.get().get_absolute_url()):
        assert stranger.get(url).status_code == 404
        assert client_as(None).get(url).status_code == 302


def test_a_partner_of_the_cluster_sees_an_agreement_in_force_but_no_draft(at, client_as):
    world = in_cluster(partners())
    school = EmployerFactory()
    ParticipationFactory(cluster=world.cluster, organisation=school)
    client = client_as(member(school, Role.DIRECTOR))
    in_force = agreed(world, at, cluster=world.cluster)
    draft = drafted(world, at, cluster=world.cluster)
    assert client.get(in_force.get_absolute_url()).status_code == 200
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_lists_cost_the_same_for_one_and_for_three(at, client_as, query_count):
    world = in_cluster(partners())
    client = client_as(world.coordinator)
    add = lambda: agreed(world, at, cluster=world.cluster)  # noqa: E731
    query_count(lambda: client.get(reverse("agreements:list")), add)
    query_count(lambda: client.get(reverse("agreements:obligations")), add)


def test_pages_cost_the_same_for_one_and_for_three(at, client_as, query_count):
    world = partners()
    agreement = agreed(world, at)
    client = client_as(world.coordinator)
    obligation = agreement.obligations.get()

    def add_act():
        act = actions.submit_act(
            obligation=obligation, on=at.date(), quantity=1, description="экскурсия", by=world.hr, at=at
        )
        actions.accept_act(act=act, by=world.coordinator, at=at)

    query_count(lambda: client.get(obligation.get_absolute_url()), add_act)


def test_the_register_shows_the_overdue_first_filters_and_exports(at, client_as):
    world = partners()
    late = promise(world, due_on=date(2026, 8, 20), text="просроченное")
    agreed(world, at, starts_on=date(2026, 1, 1), promises=[promise(world, text="будущее"), late])
    client = client_as(world.coordinator)
    url = reverse("agreements:obligations")
    html = client.get(url).content.decode()
    assert html.index("Просроченное") < html.index("Будущее")
    assert "Будущее" not in client.get(url, {"standing": "overdue"}).content.decode()
    assert "Просроченное" not in client.get(url, {"standing": "on_the_way"}).content.decode()
    assert "Будущее" not in client.get(url, {"due_by": "2026-12-31"}).content.decode()
    for filters in ({"owner": world.college.pk}, {"beneficiary": world.plant.pk}, {"kind": ObligationKind.SEATS}):
        assert client.get(url, filters).status_code == 200
    exported = b"".join(client.get(url, {"export": "csv"}).streaming_content).decode()
    assert "просроченное" in exported
    assert client.get(url, {"export": "xlsx"}).status_code == 200
    assert client.get(url, {"sort": "standing"}).status_code == 200
    assert client.get(reverse("agreements:list"), {"export": "csv", "q": "партнёрстве"}).status_code == 200


def test_panels_tell_how_promises_are_kept(at, client_as):
    world = in_cluster(partners())
    agreement = agreed(world, at, cluster=world.cluster)
    member_page = client_as(world.coordinator).get(world.cluster.get_absolute_url()).content.decode()
    assert agreement.get_absolute_url() in member_page
    public = client_as(None).get(world.plant.get_absolute_url())
    assert public.status_code == 200
    assert agreement.get_absolute_url() not in public.content.decode()


def test_a_coordinator_chooses_among_partners_only(at):
    from kuznitsa.agreements.queries import organisations_to_choose

    world = in_cluster(partners())
    EmployerFactory()
    assert set(organisations_to_choose(world.coordinator)) == {world.plant, world.college}
    assert Organisation.objects.count() == 3
