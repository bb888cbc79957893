"""How and by when each row is to be done: read from a message, kept with the row."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.dialogs.engine import DATED, Placed
from bot.dialogs.intake.draft import Draft, Row
from bot.dialogs.intake.naming import row_named
from bot.dialogs.intake.outcome import Setting
from bot.domain.options import Option, with_wishes
from bot.reading.fields.dates import read_date
from bot.reading.reading import Reading

Line = Mapping[str, object]


def wished(draft: Draft, placed: Placed, said: Reading, setting: Setting) -> Placed:
    """`placed` with the wishes of the message, as far as they are new to a row they are about."""
    if not draft.rows or said.numbered:
        return placed
    days = setting.catalog.agency.days
    day = None if answered_by_day(placed) else read_date(said.deadline, setting.today, days)
    row = row_named(draft, said.text, setting.catalog) if len(draft.rows) > 1 else None
    about = draft.rows if row is None else (draft.rows[row],)
    fresh = {
        one: wanted
        for one, wanted in said.options.items()
        if is_new(one, wanted=wanted, rows=about, own=bool(said.needs))
    }
    new_day = day if any(each.wanted_on != day for each in about) else None
    return replace(placed, options=fresh, wanted_on=new_day, row=row)


def answered_by_day(placed: Placed) -> bool:
    """Whether the day said is the answer to something that asks for one."""
    return any(word in key for key in placed.answers for word in DATED)


def is_new(option: Option, *, wanted: bool, rows: Sequence[Row], own: bool) -> bool:
    """Whether a wish changes a row; `own`: said with the needs, it may be that of one alone."""
    held = [option in row.options for row in rows]
    return not any(held) if own and wanted else any(one is not wanted for one in held)


def lay(rows: Sequence[Row], placed: Placed) -> tuple[Row, ...]:
    """The rows with these wishes, or the one row they are about."""
    return tuple(
        row.model_copy(
            update={
                "options": with_wishes(row.options, placed.options),
                "wanted_on": placed.wanted_on or row.wanted_on,
            }
        )
        if placed.row in (None, index)
        else row
        for index, row in enumerate(rows)
    )


def lines_of(placed: Placed) -> list[Line]:
    """What was understood of it, to be said back."""
    lines: list[Line] = []
    if placed.options:
        lines.append(
            {
                "key": "options",
                "wanted": [one for one, wanted in placed.options.items() if wanted],
                "declined": [one for one, wanted in placed.options.items() if not wanted],
            }
        )
    if placed.wanted_on:
        lines.append({"key": "wanted_on", "day": placed.wanted_on})
    return lines


def with_those_of(draft: Draft, said: Reading, setting: Setting) -> Draft:
    """The draft with the wishes that came with its needs."""
    return draft.but(rows=lay(draft.rows, wished(draft, Placed(), said, setting)))
