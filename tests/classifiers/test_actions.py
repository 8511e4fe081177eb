from datetime import date

import pytest
from django.core.management import call_command

from kuznitsa.classifiers.actions import load_classifiers
from kuznitsa.classifiers.models import Industry, Occupation, Region
from kuznitsa.classifiers.queries import occupations_on

pytestmark = pytest.mark.django_db


def test_a_migrated_database_knows_the_classifiers():
    assert Region.objects.count() == 89
    assert Industry.objects.count() == 24
    assert Occupation.objects.count() >= 40


def test_every_region_has_a_tile_of_its_own():
    tiles = list(Region.objects.values_list("row", "column"))
    assert None not in {part for tile in tiles for part in tile}
    assert len(set(tiles)) == len(tiles)


def test_loading_twice_changes_nothing(at):
    before = list(Occupation.objects.order_by("code").values())
    load_classifiers(by=None, at=at)
    assert list(Occupation.objects.order_by("code").values()) == before


def test_loading_repairs_a_row_and_keeps_others(at):
    Region.objects.filter(code="42").update(name_ru="?", search="")
    Occupation.objects.create(code="99.01.01", name_ru="Печник", name_en="Furnaceman", level="01")
    load_classifiers(by=None, at=at)
    assert "кузбасс" in Region.objects.get(code="42").search
    assert Occupation.objects.filter(code="99.01.01").exists()


def test_the_command_says_what_it_loaded(capsys):
    call_command("load_classifiers")
    assert "regions: 89" in capsys.readouterr().out


def test_a_replaced_code_leads_to_its_successor():
    old = Occupation.objects.get(code="15.02.08")
    assert old.replaced_by.code == "15.02.16"
    assert old.valid_to < old.replaced_by.valid_from


def test_forms_offer_what_is_valid_on_the_day():
    old = Occupation.objects.get(code="22.02.01")
    assert old in occupations_on(date(2020, 9, 1))
    assert old not in occupations_on(date(2026, 9, 1))


def test_the_electrolysis_operator_is_found_by_the_name_the_plants_use():
    found = Occupation.objects.get(search__contains="электролизник расплавленных солей")
    assert (found.code, found.minimum_age, found.industry.code) == ("22.01.05", 18, "metallurgy")
