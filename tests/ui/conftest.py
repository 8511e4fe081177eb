from collections.abc import Callable
from typing import Any

import pytest
from django.template import Context, Template

from tests.guards import problems_of_html


@pytest.fixture
def draw() -> Callable[..., str]:
    """`draw('{% badge label=word %}', word="x")`: the HTML of a piece of template, free of inline code."""

    def render(source: str, **values: Any) -> str:
        context = Context({"csrf_token": "t" * 64, **values})
        html = Template("{% load i18n page ui %}" + source).render(context)
        assert problems_of_html(html) == []
        return html

    return render
