import io

import pypdf
import pytest
import typst

from kuznitsa.base.documents import UnknownTemplate, full_name, initials, render

DATA = {
    "title": "Договор о целевом обучении",
    "number": "12-ЦО/2026",
    "place": "г. Новокузнецк",
    "date": "1 сентября 2026 г.",
    "organisation": "АО «Завод»",
    "requisites": ["ИНН 7707083893", "", "г. Новокузнецк, проезд Ферросплавный, 7"],
    "clauses": ["Заказчик обязуется предоставить меры поддержки. " * 20, "Гражданин обязуется отработать."] * 8,
    "facts": [["Профессия", "Электролизник расплавленных солей"], ["Профиль", ""], ["Мест", 25]],
    "support": [["Стипендия", "5 000 ₽"], ["Общежитие", "бесплатно"]],
    "parties": [
        {"role": "Заказчик", "name": "АО «Завод»", "lines": ["ИНН 7707083893"], "signatory": "Иванов И. И."},
        {"role": "Гражданин", "name": "Петрова Анна", "signed_on": "01.09.2026"},
        {"role": "Колледж", "name": "Техникум"},
    ],
}


def text_of(pdf):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_a_paper_has_its_clauses_pages_and_signatures():
    pdf = render("base/example", DATA, verify="https://forge.example/papers/1/")

    text = text_of(pdf)
    assert "Договор о целевом обучении" in text
    assert "№ 12-ЦО/2026" in text
    assert "1.16." in text
    assert "Страница 1 из 3" in text
    assert "https://forge.example/papers/1/" in text
    assert "Профиль" not in text
    # Who has signed stands in the place of the line to sign on.
    assert text.count("подпись") == 2
    assert text.count("Подпись поставлена") == 1


def test_a_paper_is_for_the_archive_and_the_same_every_time():
    pdf = render("base/example", DATA, verify="https://forge.example/papers/1/")

    assert pdf == render("base/example", dict(reversed(DATA.items())), verify="https://forge.example/papers/1/")
    assert b"pdfaid:part>2<" in pdf
    assert b"pdfaid:conformance>B<" in pdf


def test_a_paper_in_english():
    assert "Page 1 of 3" in text_of(render("base/example", DATA, language="en"))


def test_what_users_typed_is_text_and_not_markup():
    text = text_of(render("base/example", {**DATA, "clauses": ["#panic() *x* $y$ \\ @z"]}))

    assert "#panic() *x* $y$ \\ @z" in text


@pytest.mark.parametrize("template", ["base/unknown", "nowhere/contract", "base/../../settings"])
def test_an_unknown_template_is_an_error(template):
    with pytest.raises(UnknownTemplate):
        render(template, {})


def test_missing_data_is_an_error():
    with pytest.raises(typst.TypstError, match="title"):
        render("base/example", {})


@pytest.mark.parametrize(
    ("names", "case", "sex", "expected"),
    [
        (("Петрова", "Анна", "Ильинична"), "genitive", "", "Петровой Анны Ильиничны"),
        (("Иванов", "Пётр", "Ильич"), "dative", "", "Иванову Петру Ильичу"),
        (("Шевченко", "Олег"), "genitive", "male", "Шевченко Олега"),
        (("Салтыков-Щедрин", "Михаил", "Евграфович"), "instrumental", "", "Салтыковым-Щедриным Михаилом Евграфовичем"),
        (("Ким", "Женя"), "genitive", "", "Ким Женя"),
        (("Петрова", "Анна", "Ильинична"), "nominative", "", "Петрова Анна Ильинична"),
    ],
)
def test_names_in_their_cases(names, case, sex, expected):
    assert full_name(*names, case=case, sex=sex) == expected


def test_initials():
    assert initials("Иванова", "Анна", "Петровна") == "Иванова\xa0А.\xa0П."
    assert initials("Ким", "Женя") == "Ким\xa0Ж."
