"""The table of dated rules. Sources are quoted in Russian, as they are found.

A changed law is a new entry, and the old one gets its last day: entries are never edited away.
"""

from datetime import date

from kuznitsa.base.rules.entry import TO_BE_CONFIRMED, Rule

LABOUR_CODE = date(2002, 2, 1)
EDUCATION_LAW = date(2013, 9, 1)
DECREE_302 = date(2019, 4, 1)
DECREE_1681 = date(2021, 1, 1)
DECREE_555 = date(2024, 5, 1)

UNDER_16 = range(14, 16)
FROM_16 = range(16, 18)

MINORS = (
    Rule(name="adult_age", value=18, unit="years", source="ГК РФ, ст. 21", valid_from=date(1995, 1, 1)),
    Rule(name="work_age", value=14, unit="years", source="ТК РФ, ст. 63", valid_from=LABOUR_CODE),
    Rule(
        name="minor_hours_per_week",
        value=24,
        unit="hours",
        source="ТК РФ, ст. 92",
        valid_from=LABOUR_CODE,
        applies_to={"age": range(16)},
    ),
    Rule(
        name="minor_hours_per_week",
        value=35,
        unit="hours",
        source="ТК РФ, ст. 92",
        valid_from=LABOUR_CODE,
        applies_to={"age": FROM_16},
    ),
    Rule(
        name="minor_hours_per_day",
        value=4,
        unit="hours",
        source="ТК РФ, ст. 94",
        valid_from=LABOUR_CODE,
        applies_to={"age": range(14, 15)},
    ),
    Rule(
        name="minor_hours_per_day",
        value=5,
        unit="hours",
        source="ТК РФ, ст. 94",
        valid_from=LABOUR_CODE,
        applies_to={"age": range(15, 16)},
    ),
    Rule(
        name="minor_hours_per_day",
        value=7,
        unit="hours",
        source="ТК РФ, ст. 94",
        valid_from=LABOUR_CODE,
        applies_to={"age": FROM_16},
    ),
    Rule(
        name="studying_minor_hours_per_day",
        value=2.5,
        unit="hours",
        source="ТК РФ, ст. 94",
        valid_from=LABOUR_CODE,
        applies_to={"age": UNDER_16},
    ),
    Rule(
        name="studying_minor_hours_per_day",
        value=4,
        unit="hours",
        source="ТК РФ, ст. 94",
        valid_from=LABOUR_CODE,
        applies_to={"age": FROM_16},
    ),
    Rule(
        name="studying_minor_hours_per_week",
        value=12,
        unit="hours",
        source="ТК РФ, ст. 92: половина недельной нормы",
        valid_from=LABOUR_CODE,
        applies_to={"age": range(16)},
    ),
    Rule(
        name="studying_minor_hours_per_week",
        value=17.5,
        unit="hours",
        source="ТК РФ, ст. 92: половина недельной нормы",
        valid_from=LABOUR_CODE,
        applies_to={"age": FROM_16},
    ),
    Rule(
        name="minor_harmful_work_hours_per_day",
        value=0,
        unit="hours",
        source="ТК РФ, ст. 265; для практики — письмо АБ-3408/05 от 07.11.2022",
        valid_from=LABOUR_CODE,
        status=TO_BE_CONFIRMED,
    ),
    Rule(
        name="minor_medical_examination_months",
        value=12,
        unit="months",
        source="ТК РФ, ст. 266",
        valid_from=LABOUR_CODE,
    ),
)

TARGET_TRAINING = (
    Rule(
        name="target_training_regulation",
        value="302",
        unit="number",
        source="Постановление Правительства РФ № 302 от 21.03.2019",
        valid_from=DECREE_302,
        valid_to=date(2020, 12, 31),
    ),
    Rule(
        name="target_training_regulation",
        value="1681",
        unit="number",
        source="Постановление Правительства РФ № 1681 от 13.10.2020",
        valid_from=DECREE_1681,
        valid_to=date(2024, 4, 30),
    ),
    Rule(
        name="target_training_regulation",
        value="555",
        unit="number",
        source="Постановление Правительства РФ № 555 от 27.04.2024",
        valid_from=DECREE_555,
    ),
    Rule(
        name="target_service_months_min",
        value=36,
        unit="months",
        source="273-ФЗ, ст. 56",
        valid_from=date(2019, 1, 1),
    ),
    Rule(
        name="target_service_months_max",
        value=60,
        unit="months",
        source="273-ФЗ, ст. 56",
        valid_from=date(2019, 1, 1),
    ),
    Rule(
        name="suspension_notice_working_days",
        value=10,
        unit="working_days",
        source="Постановление № 555, пп. 42-43",
        valid_from=DECREE_555,
    ),
    Rule(
        name="unemployment_compensation_wages",
        value=3,
        unit="monthly_wages",
        source="Постановление № 1681, пп. 36-39",
        valid_from=DECREE_1681,
        status=TO_BE_CONFIRMED,
    ),
)

PRACTICE = (
    Rule(
        name="practice_list_working_days",
        value=10,
        unit="working_days",
        source="Типовой договор о практической подготовке (приказ 885/390 от 05.08.2020)",
        valid_from=date(2020, 9, 22),
        status=TO_BE_CONFIRMED,
    ),
    Rule(
        name="mentor_notice_working_days",
        value=3,
        unit="working_days",
        source="ТК РФ, ст. 351.8",
        valid_from=date(2025, 3, 1),
    ),
    Rule(
        name="adult_practice_hours_per_week",
        value=40,
        unit="hours",
        source="ТК РФ, ст. 91",
        valid_from=LABOUR_CODE,
    ),
)

# From this share of the points, in hundredths of a per cent, this mark is given.
DEMONSTRATION_EXAM_SCALE = ((7000, 5), (4000, 4), (2000, 3), (0, 2))

OUTCOMES = (
    Rule(
        name="demonstration_exam_scale",
        value=DEMONSTRATION_EXAM_SCALE,
        unit="mark",
        source="Рекомендованная шкала перевода баллов демонстрационного экзамена; колледж может утвердить свою",
        valid_from=date(2019, 4, 1),
    ),
    Rule(
        name="follow_up_months",
        value=(3, 6, 12, 24, 36),
        unit="months",
        source="Порядок наблюдения за закреплением, принятый в системе",
        valid_from=EDUCATION_LAW,
    ),
    Rule(
        name="typical_dropout_basis_points",
        value=690,
        unit="basis_points",
        source="Отчисление из колледжей в 2024 году, поступившие после 9 класса: 6,9 %",
        valid_from=EDUCATION_LAW,
        applies_to={"after_grade": {9}},
    ),
    Rule(
        name="typical_dropout_basis_points",
        value=840,
        unit="basis_points",
        source="Отчисление из колледжей в 2024 году, поступившие после 11 класса: 8,4 %",
        valid_from=EDUCATION_LAW,
        applies_to={"after_grade": {11}},
    ),
)

CONSENTS = (
    Rule(
        name="consent_separate_document",
        value=False,
        unit="yes_no",
        source="152-ФЗ, ст. 9",
        valid_from=date(2007, 1, 26),
        valid_to=date(2025, 8, 31),
    ),
    Rule(
        name="consent_separate_document",
        value=True,
        unit="yes_no",
        source="152-ФЗ, ст. 9 в редакции 156-ФЗ от 24.06.2025",
        valid_from=date(2025, 9, 1),
    ),
)

TABLE = (*MINORS, *TARGET_TRAINING, *PRACTICE, *OUTCOMES, *CONSENTS)
