"""Statements compiled once and run on SQLite's own cursor.

SQLAlchemy writes the SQL and converts the values; only its bookkeeping for each execution is
left out, which costs more than SQLite itself needs (performance.md).
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Result
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement, ColumnElement, ReturnsRows

Convert = Callable[[Any], Any]

# Statements stand at module level, built once; more than this many would mean that they do not.
MOST = 512
NOTHING: Result[Any] = IteratorResult(SimpleResultMetaData(()), iter(()))


@dataclass(frozen=True)
class Plan:
    """The SQL of a statement, where each value comes from, and how it is converted."""

    sql: str
    # parameter, what stands for it when it is not given, conversion
    values: tuple[tuple[str, object, Convert | None], ...]
    columns: SimpleResultMetaData | None
    results: tuple[Convert | None, ...]

    def run(self, connection: sqlite3.Connection, given: Mapping[str, object]) -> Result[Any]:
        """The result, as SQLAlchemy would give it."""
        cursor = connection.execute(self.sql, self.bound(given))
        if self.columns is None:
            return NOTHING
        rows = cursor.fetchall()
        if any(self.results):
            rows = [tuple(map(converted, self.results, row)) for row in rows]
        return IteratorResult(self.columns, iter(rows))

    def bound(self, given: Mapping[str, object]) -> list[object]:
        """The values in the order of the SQL."""
        return [
            given.get(name, default) if convert is None else convert(given.get(name, default))
            for name, default, convert in self.values
        ]


def converted(convert: Convert | None, value: Any) -> Any:
    """A value as Python has it."""
    return value if convert is None else convert(value)


class Plans:
    """The statements that were run on a connection, each made ready at its first time."""

    def __init__(self, dialect: Dialect, connection: sqlite3.Connection) -> None:
        self._dialect, self._connection = dialect, connection
        self._known: dict[tuple[Executable, frozenset[str]], Plan | None] = {}

    def run(self, statement: Executable, given: object) -> Result[Any] | None:
        """The result; None, and nothing done, for what only SQLAlchemy itself can run."""
        rows: list[Any] = given if isinstance(given, list) else [given or {}]
        if not rows or not isinstance(rows[0], dict):
            return None
        plan = self._of(statement, rows[0])
        if plan is None:
            return None
        if len(rows) == 1:
            return plan.run(self._connection, rows[0])
        if plan.columns is not None or any(row.keys() != rows[0].keys() for row in rows):
            return None
        self._connection.executemany(plan.sql, map(plan.bound, rows))
        return NOTHING

    def _of(self, statement: Executable, given: Mapping[str, object]) -> Plan | None:
        key = (statement, frozenset(given))
        if key not in self._known:
            if len(self._known) >= MOST:
                return None
            self._known[key] = self._made(statement, given)
        return self._known[key]

    def _made(self, statement: Executable, given: Mapping[str, object]) -> Plan | None:
        if not isinstance(statement, ClauseElement):
            return None
        compiled = statement.compile(dialect=self._dialect, column_keys=list(given))
        if not isinstance(compiled, SQLCompiler) or grows(compiled):
            return None
        binds = [compiled.binds[name] for name in compiled.positiontup or ()]
        if any(bind.callable or (bind.required and bind.key not in given) for bind in binds):
            return None
        columns = list(returned(statement))
        return Plan(
            sql=compiled.string,
            values=tuple(
                (bind.key, bind.value, self._kind(bind).bind_processor(self._dialect))
                for bind in binds
            ),
            columns=SimpleResultMetaData([str(one.key) for one in columns]) if columns else None,
            results=tuple(self._kind(one).result_processor(self._dialect, None) for one in columns),
        )

    def _kind(self, element: Any) -> Any:
        return element.type.dialect_impl(self._dialect)


def returned(statement: object) -> Iterable[ColumnElement[Any]]:
    """The columns of what a statement gives back."""
    return statement.exported_columns if isinstance(statement, ReturnsRows) else ()


def grows(compiled: SQLCompiler) -> bool:
    """Whether the SQL or its values are only known at each execution."""
    return bool(
        compiled.post_compile_params
        or compiled.literal_execute_params
        or compiled.insert_prefetch
        or compiled.update_prefetch
    )
