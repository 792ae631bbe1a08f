"""Tables of results that can be read on a page and on a phone."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Table:
    """A data frame that notebooks show as a table, with its numbers as `formats` say. `frame` has the numbers."""

    frame: pd.DataFrame
    formats: Mapping[str, str]

    def _texts(self):
        """Rows of cells as text."""
        formats = [self.formats.get(column, "{}") for column in self.frame.columns]
        for row in self.frame.itertuples(index=False):
            yield ["–" if value is None or value != value else form.format(value) for form, value in zip(formats, row)]

    def _repr_html_(self) -> str:
        numeric = [pd.api.types.is_numeric_dtype(kind) for kind in self.frame.dtypes]
        looks = [' class="number"' if number else "" for number in numeric]

        def cells(tag, texts, first=""):
            body = (
                f"<{tag}{first if not i else ''}{looks[i]}>{html.escape(str(t))}</{tag}>" for i, t in enumerate(texts)
            )
            return f"<tr>{''.join(body)}</tr>"

        head = cells("th", self.frame.columns)
        rows = "".join(cells("td", texts) for texts in self._texts())
        return f'<table class="rnnlab-table"><thead>{head}</thead><tbody>{rows}</tbody></table>'

    def __repr__(self):
        return pd.DataFrame(list(self._texts()), columns=self.frame.columns).to_string(index=False)


def table(rows: Sequence[Mapping] | pd.DataFrame, **formats: str) -> Table:
    """A table with a row for each mapping {column: value}; the columns are those of the first row, in its order.

    A missing value (None, NaN) is a dash.

    Args:
        formats: how to write the values of a column, as `str.format` takes it: error="{:.1e}", share="{:.0%}". A column
            whose name is no Python name is given by `**{"mean error": "{:.1e}"}`.

    Raises:
        ValueError: for no rows, or a format of a column that is not there.
    """
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    if frame.empty:
        raise ValueError("a table needs at least one row")
    if unknown := formats.keys() - set(frame.columns):
        raise ValueError(f"no column {', '.join(sorted(unknown))}; there are: {', '.join(map(str, frame.columns))}")
    return Table(frame, formats)
