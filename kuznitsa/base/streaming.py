"""Rows by the ten thousand, as plain values: objects of them would take many times as long to write.

Sends no signals and asks no field whether a value is allowed; the constraints of the database hold as ever.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models, transaction

Row = Sequence[Any]


def stream(model: type[models.Model], fields: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows of values as the database keeps them; the quickest way that each database has."""
    column_of = {field.name: str(field.column) for field in model._meta.concrete_fields}
    columns = ", ".join(connection.ops.quote_name(column_of[name]) for name in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with transaction.atomic(), connection.wrap_database_errors, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(fields))
            # Past Django's cursor, which would rewrite the placeholders of every row.
            connection.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # nosec B608


def stream_alike(model: type[models.Model], fields: Sequence[str], rows: Iterable[Row], **alike: Any) -> None:
    """Write new rows that differ in `fields` only, numbers and texts; all are `alike` in the others, or by default.

    Their keys are the database's to give.
    """
    like = model(**alike)
    others = [
        field for field in model._meta.concrete_fields if field.name not in fields and field is not model._meta.pk
    ]
    same = tuple(field.get_db_prep_save(getattr(like, field.attname), connection=connection) for field in others)
    stream(model, [*(field.name for field in others), *fields], ((*same, *row) for row in rows))
