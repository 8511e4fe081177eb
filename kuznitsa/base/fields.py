"""Fields that every app uses."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models

from kuznitsa.base.text import searchable

Moves = Mapping[Any, Collection[Any]]


class StateField(models.CharField):
    """A state: a `TextChoices` enum and its table of allowed moves. Changed only by `base.workflow.move()`."""

    def __init__(self, enum: Any = None, *, moves: "Moves | None" = None, **kwargs: Any) -> None:
        self.enum = enum
        self.moves = moves or {}
        if enum is not None:
            kwargs.setdefault("choices", enum.choices)
            kwargs.setdefault("default", enum.values[0])
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("db_index", True)
        super().__init__(**kwargs)


class SearchField(models.CharField):
    """What a list is searched by: the named fields, folded so that Cyrillic works on both databases.

    `of` names fields or properties of the same row; filled on every save().
    """

    def __init__(self, *, of: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("max_length", 500)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("editable", False)
        super().__init__(**kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        text = " ".join(_words(getattr(model_instance, name)) for name in self.of)
        value = searchable(text)[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("of", None)
        return name, path, args, kwargs


def _words(value: Any) -> str:
    """Return what `value` is searched by: a row with a search column of its own brings that, in every language."""
    return str(getattr(value, "search", None) or value or "")
