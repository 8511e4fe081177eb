"""The components. Each is called by keywords only; a wrong keyword fails when the template is compiled.

`{% load ui %}` and then the tag as in the example of each function. The gallery at /_ui/ shows them all.
Tags with inner content end with `{% end<name> %}`. Values are escaped; nothing here touches the database.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from itertools import count
from typing import Any
from zipfile import ZipFile

import lucide
from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kuznitsa.base import once
from kuznitsa.base.clocks import deadline
from kuznitsa.base.money import format_money
from kuznitsa.ui import bands, charts, clocks, forms, tones
from kuznitsa.ui import history as audit_history
from kuznitsa.ui.cells import escaped
from kuznitsa.ui.parts import Crumb, Event, Fact, Series, Stage, Step, Tab

register = template.Library()
_numbers = count(1)
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def _id(prefix: str) -> str:
    """Return an id no other component of the page has."""
    return f"{prefix}-{next(_numbers) % 1_000_000}"


@lru_cache(maxsize=512)
def _icon(name: str, size: int) -> SafeString:
    _head, _, drawn = _pictures().read(f"{name}.svg").decode().partition(">")
    head = (
        f'<svg width="{size}" height="{size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false" class="k-icon">'
    )
    return mark_safe(re.sub(r">\s+<", "><", head + drawn.strip()))


@cache
def _pictures() -> ZipFile:
    """All pictures of lucide.dev, whose own tag would read the list of them, for 10 ms, to find each."""
    return ZipFile(BytesIO((files(lucide) / "lucide.zip").read_bytes()))


@register.simple_tag
def icon(*, name: str, size: int = 20) -> str:
    """A picture from lucide.dev, decoration only: `{% icon name="factory" size=24 %}`. "" draws nothing."""
    return _icon(name, size) if name else ""


# --- page ---


@register.inclusion_tag("ui/breadcrumbs.html")
def breadcrumbs(*, items: Sequence[Crumb]) -> dict[str, Any]:
    """The way to this page: `{% breadcrumbs items=crumbs %}` with `parts.Crumb(label, url)`."""
    return {"items": items}


@register.simple_block_tag
def page_header(content: str, *, title: Any, lead: Any = "", level: int = 1) -> str:
    """The head of a page or of a large section; the content is its actions:
    `{% page_header title=agreement lead=_("Until 2028") %}{% link_button … %}{% endpage_header %}`.
    """
    return _render("ui/page_header.html", title=title, lead=lead, level=level, actions=mark_safe(content.strip()))


@register.inclusion_tag("ui/tabs.html")
def tabs(*, items: Sequence[Tab], label: Any = "") -> dict[str, Any]:
    """Views of one thing, each with its own address: `{% tabs items=tabs %}` with `parts.Tab(label, url, active)`."""
    return {"items": items, "label": label or _("Views")}


# --- buttons ---


@register.inclusion_tag("ui/button.html", takes_context=True)
def button(
    context: template.Context,
    *,
    label: Any,
    url: str,
    variant: str = "primary",
    icon: str = "",
    why_not: Any = "",
    confirm: Any = "",
    values: dict[str, Any] | None = None,
    small: bool = False,
) -> dict[str, Any]:
    """A button that does something (POST, once):
    `{% button label=_("Sign") url=sign_url icon="pen-line" why_not=why_not_sign confirm=_("Sign it?") %}`.

    `variant`: primary, secondary, quiet, danger. `why_not` shows the button disabled with the reason.
    `confirm` asks first. `values` are sent as hidden fields.
    """
    return {
        "label": label,
        "url": url,
        "variant": _one_of(variant, VARIANTS),
        "icon": icon,
        "why_not": why_not,
        "confirm": confirm,
        "values": values or {},
        "small": small,
        "id": _id("why"),
        "once": once.token(),
        "csrf_token": context.get("csrf_token", ""),
    }


@register.inclusion_tag("ui/link_button.html")
def link_button(
    *,
    label: Any,
    url: str,
    variant: str = "secondary",
    icon: str = "",
    why_not: Any = "",
    small: bool = False,
) -> dict[str, Any]:
    """A link that looks like a button: `{% link_button label=_("Add") url=url variant="primary" icon="plus" %}`."""
    return {
        "label": label,
        "url": url,
        "variant": _one_of(variant, VARIANTS),
        "icon": icon,
        "why_not": why_not,
        "small": small,
        "id": _id("why"),
    }


@register.simple_block_tag
def dialog(
    content: str, *, label: Any, title: Any = "", variant: str = "secondary", icon: str = "", opened: Any = False
) -> str:
    """A button that opens a small window with the content, without JavaScript too:
    `{% dialog label=_("Refuse") title=_("Why?") %}{% form … %}{% endform %}{% enddialog %}`.

    `opened=form.errors` shows at once what was refused in it.
    """
    variant = _one_of(variant, VARIANTS)
    parts = {"label": label, "title": title, "variant": variant, "icon": icon, "opened": opened}
    return _render("ui/dialog.html", content=content, **parts)


# --- surfaces ---


@register.simple_block_tag
def card(
    content: str,
    *,
    title: Any = "",
    url: str = "",
    icon: str = "",
    meta: Any = "",
    level: int = 2,
    tone: str = "plain",
) -> str:
    """A surface with a heading: `{% card title=offer.name url=offer_url icon="anvil" meta="25" %}…{% endcard %}`.

    With `url` the whole card can be pressed. `tone`: plain, accent (the one thing to look at), quiet.
    """
    tone = _one_of(tone, ("plain", "accent", "quiet"))
    return _render("ui/card.html", content=content, title=title, url=url, icon=icon, meta=meta, level=level, tone=tone)


@register.simple_block_tag
def alert(content: str, *, kind: str = "info", title: Any = "") -> str:
    """Something to know now: `{% alert kind="warning" title=_("Two days left") %}…{% endalert %}`.

    `kind`: info, success, warning, danger.
    """
    kind = _one_of(kind, tuple(ALERT_ICONS))
    return _render("ui/alert.html", content=content, kind=kind, title=title, icon=ALERT_ICONS[kind])


@register.inclusion_tag("ui/badge.html")
def badge(*, label: Any, state: Any = "", tone: str = "", icon: str = "") -> dict[str, Any]:
    """A state in colour: `{% badge label=need.get_state_display state=need.state %}`, or give the `tone` yourself:
    neutral, accent, info, success, warning, danger.
    """
    return {"label": label, "tone": _one_of(tone or tones.tone_of(state), tones.TONES), "icon": icon}


@register.inclusion_tag("ui/empty_state.html")
def empty_state(
    *,
    title: Any,
    text: Any = "",
    icon: str = "inbox",
    action_label: Any = "",
    action_url: str = "",
) -> dict[str, Any]:
    """Nothing here, and what to do first:
    `{% empty_state title=_("No needs yet") text=_("…") action_label=_("State a need") action_url=url %}`.
    """
    return {"title": title, "text": text, "icon": icon, "action_label": action_label, "action_url": action_url}


# --- forms ---


@register.inclusion_tag("ui/field.html")
def field(*, field: Any, label: Any = "", hide_label: bool = False, unit: Any = "") -> dict[str, Any]:
    """One field with label, help and errors: `{% field field=form.seats unit=_("persons") %}`."""
    return {
        "field": field,
        "kind": forms.kind(field),
        "widget": forms.dressed(field),
        "label": label or field.label,
        "hide_label": hide_label,
        "unit": unit,
        "required": field.field.required,
    }


@register.simple_block_tag(takes_context=True)
def form(
    context: template.Context,
    content: str,
    *,
    form: Any,
    submit: Any = "",
    url: str = "",
    cancel_url: str = "",
    variant: str = "primary",
    icon: str = "",
    why_not: Any = "",
    own_fields: bool = False,
) -> str:
    """A whole form (POST, once, files work): `{% form form=form submit=_("Save") cancel_url=back %}{% endform %}`.

    The content stands between the fields and the buttons. With `own_fields=True` the content places the
    fields itself by `{% field %}`; errors of fields and of the form are listed on top in any case.
    """
    return _render(
        "ui/form.html",
        content=content,
        form=form,
        submit=submit or _("Save"),
        url=url,
        cancel_url=cancel_url,
        variant=_one_of(variant, VARIANTS),
        icon=icon,
        why_not=why_not,
        own_fields=own_fields,
        id=_id("form"),
        once=once.token(),
        csrf_token=context.get("csrf_token", ""),
    )


@register.simple_tag
def once_field() -> str:
    """What makes a form written by hand do its thing once, beside its `{% csrf_token %}`: `{% once_field %}`."""
    return format_html('<input type="hidden" name="{}" value="{}">', once.FIELD, once.token())


# --- lists ---


@register.inclusion_tag("ui/filter_bar.html")
def filter_bar(*, listing: Any) -> dict[str, Any]:
    """Search, filters and export of a `listings.list_page(…)`: `{% filter_bar listing=listing %}`."""
    fields = list(listing.filterset.form) if listing.filterset else []
    return {"listing": listing, "fields": fields, "id": _id("search")}


@register.inclusion_tag("ui/rows.html")
def rows(*, listing: Any) -> dict[str, Any]:
    """The table of a list; wrap it so that htmx can ask for it alone:
    `{% partialdef rows inline %}{% rows listing=listing %}{% endpartialdef %}`.
    """
    return {
        "listing": listing,
        "table_html": listing.table.as_html(listing.request),
        "not_found": _("Nothing found"),
        "try_less": _("Try fewer words or other filters."),
    }


@register.inclusion_tag("ui/pagination.html")
def pagination(*, page: Any, before: str = "?page=") -> dict[str, Any]:
    """Pages of a `django.core.paginator.Page`: `{% pagination page=page before="?year=2026&page=" %}`."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "numbers": list(numbers), "before": before}


# --- facts ---


@register.inclusion_tag("ui/definitions.html")
def definitions(*, items: Sequence[Fact]) -> dict[str, Any]:
    """The facts of an object: `{% definitions items=facts %}` with `parts.Fact(label, value, url, note)`."""
    return {"items": items}


@register.inclusion_tag("ui/history.html")
def history(*, entries: Iterable[Any]) -> dict[str, Any]:
    """Who did what: `{% history entries=audit_entries %}` with rows of `base.models.AuditEntry`."""
    return {"lines": [audit_history.line(entry) for entry in entries]}


@register.inclusion_tag("ui/avatar.html")
def avatar(*, name: Any, small: bool = False) -> dict[str, Any]:
    """The initials of a person or an organisation: `{% avatar name=person %}`; decoration beside the name."""
    words = [word for word in str(name).replace("«", " ").replace('"', " ").split() if word[0].isalnum()]
    initials = "".join(word[0].upper() for word in words[:2])
    return {"initials": initials, "hue": sum(map(ord, str(name))) % 6, "small": small}


@register.simple_tag
def money(*, kopecks: int | None) -> str:
    """A sum: `{% money kopecks=entry.amount_kopecks %}` gives "12 000 ₽"; None gives a dash."""
    return "—" if kopecks is None else format_money(kopecks)


@register.inclusion_tag("ui/file_link.html")
def file_link(*, url: str, name: Any, size: int | None = None, kind: str = "") -> dict[str, Any]:
    """A file to take: `{% file_link url=paper.url name=paper.title size=paper.size kind="PDF" %}`; size in bytes."""
    kind = kind or str(name).rpartition(".")[2].upper()[:5]
    return {"url": url, "name": name, "size": size, "kind": kind}


@register.inclusion_tag("ui/clock.html")
def clock(
    *, until: date | datetime | None, label: Any = "", today: date | None = None, stopped: bool = False
) -> dict[str, Any]:
    """A visible deadline, "until 15 August · 5 days left": `{% clock until=campaign.closes_on %}`.

    `stopped` shows the day alone (done, or no longer asked). None shows nothing.
    """
    day = timezone.localdate(until) if isinstance(until, datetime) else until
    today = today or timezone.localdate()
    left = deadline(day, today=today) if day and not stopped else None
    return {
        "day": day,
        "label": label,
        "other_year": day is not None and day.year != today.year,
        "tone": clocks.TONES[left.level] if left else "neutral",
        "remaining": clocks.remaining(left.days_left) if left else "",
    }


@register.simple_tag
def as_written(*, text: Any, block: bool = False, note: Any = "") -> SafeString:
    """What people wrote and nobody translates, marked with its language where the page has another:
    `{% as_written text=offer.duties block=True note=_("in Russian, as written by the plant") %}`.

    `block` makes paragraphs of it. `note` is shown only beside a text in another language than the page's.
    """
    shown = mark_safe(linebreaks(text, autoescape=True)) if block else format_html("{}", text)
    if not CYRILLIC.search(str(text)) or get_language() == "ru":
        return shown
    tag = mark_safe("div" if block else "span")
    said = format_html(' <span class="k-small k-muted">({})</span>', note) if note else ""
    return format_html('<{} lang="ru">{}</{}>{}', tag, shown, tag, said)


# --- numbers ---


@register.inclusion_tag("ui/stat.html")
def stat(
    *, label: Any, value: Any, unit: Any = "", url: str = "", note: Any = "", tone: str = "neutral"
) -> dict[str, Any]:
    """One large number: `{% stat label=_("Contracts") value=23 unit=_("of 25") url=url %}`; several in `.k-stats`."""
    return {"label": label, "value": value, "unit": unit, "url": url, "note": note, "tone": _one_of(tone, tones.TONES)}


@register.inclusion_tag("ui/progress.html")
def progress(*, done: int, total: int, label: Any, unit: Any = "") -> dict[str, Any]:
    """Counted of promised: `{% progress done=23 total=25 label=_("Seats") unit=_("persons") %}`."""
    share = round(100 * done / total) if total else 0
    tone = "success" if total and done >= total else "accent"
    return {
        "done": number_format(done, force_grouping=True),
        "total": number_format(total, force_grouping=True),
        "share": share,
        "width": min(share, 100),
        "label": label,
        "unit": unit,
        "tone": tone,
    }


@register.inclusion_tag("ui/steps.html")
def steps(*, items: Sequence[Step], label: Any = "") -> dict[str, Any]:
    """Where a process stands: `{% steps items=steps %}` with `parts.Step(label, state, note, url)`."""
    return {"items": items, "label": label or _("Steps")}


@register.inclusion_tag("ui/timeline.html")
def timeline(*, items: Sequence[Event]) -> dict[str, Any]:
    """What happened and what will: `{% timeline items=events %}` with `parts.Event(on, title, text, tone)`."""
    return {"items": items}


@register.inclusion_tag("ui/band.html")
def band(*, stages: Sequence[Stage], label: Any) -> dict[str, Any]:
    """The thread as a band of numbers: `{% band stages=stages label=_("Electrolysis operators, 2026") %}`.

    `stages` are up to ten `parts.Stage(label, value, url, note, part_of)` in order; shares are computed here.
    """
    return {"segments": bands.segments(stages), "label": label, "id": _id("band")}


@register.inclusion_tag("ui/bar_chart.html")
def bar_chart(*, title: Any, categories: Sequence[Any], series: Sequence[Series], unit: Any = "") -> dict[str, Any]:
    """Columns with their table: `{% bar_chart title=_("Need and pipeline") categories=years series=series %}`.

    `series` are `parts.Series(label, values, tone, stack)`; rows with the same `stack` stand on each other.
    """
    table = [(name, [row.values[i] for row in series]) for i, name in enumerate(categories)]
    return {
        "title": title,
        "chart": charts.draw(categories, series),
        "series": series,
        "table": table,
        "unit": unit,
        "id": _id("chart"),
    }


VARIANTS = ("primary", "secondary", "quiet", "danger")
ALERT_ICONS = {"info": "info", "success": "circle-check", "warning": "triangle-alert", "danger": "octagon-alert"}


def _render(name: str, **values: Any) -> str:
    return render_to_string(name, values)


def _one_of(value: str, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise template.TemplateSyntaxError(f"{value!r} is none of {', '.join(allowed)}.")
    return value


@register.filter
def as_options(groups: Sequence[tuple[str | None, Sequence[Mapping[str, Any]], int]]) -> SafeString:
    """Return all that stands in a select; a template's loop takes six times as long for a thousand organisations.

    `groups` as of a widget: every option without a group is a group of its own.
    """
    lines: list[str] = []
    for name, choices, _index in groups:
        options = map(_option, choices)
        lines += [f'<optgroup label="{escaped(name)}">', *options, "</optgroup>"] if name else options
    return mark_safe("\n".join(lines))


def _option(choice: Mapping[str, Any]) -> str:
    # Not by `format_html`, which takes six times as long: lists have hundreds of options.
    selected = " selected" if choice["selected"] else ""
    disabled = " disabled" if choice["attrs"].get("disabled") else ""
    return f'<option value="{escaped(choice["value"])}"{selected}{disabled}>{escaped(choice["label"])}</option>'
