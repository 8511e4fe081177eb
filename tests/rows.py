"""The rows that migrations and classifiers wrote, put back after a test with real transactions."""

from typing import Any

from django.db import connection, transaction


class RowsOfSetUp:
    """All rows of a database as they are now, as the driver knows them: Django would save two thousand objects."""

    def __init__(self, prepared: Any) -> None:
        self.tables: list[tuple[str, str, list[Any]]] = []
        with prepared.cursor() as cursor:
            for name in prepared.introspection.django_table_names(only_existing=True, include_views=False):
                table = prepared.ops.quote_name(name)
                cursor.execute(f"SELECT * FROM {table}")
                columns = ", ".join(prepared.ops.quote_name(column[0]) for column in cursor.description)
                values = ", ".join(["%s"] * len(cursor.description))
                if rows := cursor.fetchall():
                    self.tables.append(
                        (f"DELETE FROM {table}", f"INSERT INTO {table} ({columns}) VALUES ({values})", rows)
                    )

    def put_back(self) -> None:
        """Write them into a database that holds nothing else; before the first test they are still there."""
        with transaction.atomic(), connection.cursor() as cursor:
            for delete, insert, rows in self.tables:
                cursor.execute(delete)
                cursor.executemany(insert, rows)
