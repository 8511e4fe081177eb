"""The first version of each text of consent; an installation adds its own versions."""

from datetime import date

from django.db import migrations

TEXTS = {
    "processing": (
        "Даю согласие на обработку персональных данных (фамилия, имя, отчество, дата рождения, контактные данные, "
        "сведения об образовании и оценках) образовательной организацией в целях приёма и обучения. "
        "Согласие действует до его отзыва; отозвать его можно в любой день на этой странице или письменно.",
        "I consent to the processing of personal data (name, date of birth, contacts, education and marks) by the "
        "educational organisation for admission and study. The consent is valid until it is withdrawn; it can be "
        "withdrawn on any day on this page or in writing.",
    ),
    "employer": (
        "Даю согласие на передачу персональных данных (фамилия, имя, отчество, дата рождения, контактные данные, "
        "результаты обучения и практики) предприятию, на места которого подано заявление. "
        "Согласие действует до его отзыва.",
        "I consent to passing personal data (name, date of birth, contacts, results of study and practice) to the "
        "enterprise whose places were applied for. The consent is valid until it is withdrawn.",
    ),
    "target_contract": (
        "Ознакомлен(а) с карточкой предложения (что получает студент, что он должен, как можно выйти из договора) "
        "и даю согласие на участие в целевом обучении и заключение договора.",
        "I have read the card of the offer (what the student gets, what they owe, how one gets out) and consent to "
        "taking part in target training and to concluding the contract.",
    ),
    "practice": (
        "Даю согласие на прохождение практики на предприятии и на передачу предприятию медицинского заключения, "
        "нужного для допуска к практике.",
        "I consent to practice at the enterprise and to passing it the medical certificate that is needed for "
        "admission to the practice.",
    ),
    "image": (
        "Даю согласие на съёмку и публикацию фотографий и видео с участием в мероприятиях кластера.",
        "I consent to the taking and publication of photographs and video of events of the cluster.",
    ),
}


def add_texts(apps, schema_editor):
    consent_text = apps.get_model("people", "ConsentText")
    for purpose, (text_ru, text_en) in TEXTS.items():
        consent_text.objects.get_or_create(
            purpose=purpose,
            version=1,
            defaults={"valid_from": date(2020, 1, 1), "text_ru": text_ru, "text_en": text_en},
        )


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunPython(add_texts, migrations.RunPython.noop, elidable=False)]
