"""The directive `{benchmarks}`: the table of the measurements in benchmarks.json.

A measurement's `extra_info` may name its `claim`, the measured `ratio` with its `relation` to a `bound`, and a `note`.
"""

import json
from pathlib import Path

from docutils import nodes
from jinja2 import Environment
from sphinx.util.docutils import SphinxDirective

PAGE = Environment(autoescape=True).from_string("""
<p>Measured on {{ cpu }}, one thread.</p>
<table class="rnnlab-record" role="table">
<thead role="rowgroup"><tr role="row">
{% for name in ("Measurement", "Median", "Ratio", "Bound", "Note") %}<th role="columnheader">{{ name }}</th>{% endfor %}
</tr></thead>
<tbody role="rowgroup">
{% for run in benchmarks %}{% set extra = run.extra_info %}
<tr role="row">
<th role="rowheader" scope="row">{{ extra.claim or run.name }}</th>
<td role="cell" data-label="Median">{{ run.median }}</td>
<td role="cell" data-label="Ratio">{{ "%.3g" | format(extra.ratio) if "ratio" in extra }}</td>
<td role="cell" data-label="Bound">
{%- if "bound" in extra %}{{ extra.relation }} {{ extra.bound }} {{ verdict(extra) }}{% endif %}</td>
<td role="cell" data-label="Note">{{ extra.note }}</td>
</tr>
{% endfor %}
</tbody></table>
""")


def verdict(extra: dict) -> str:
    """Whether the ratio keeps to its bound."""
    holds = extra["ratio"] >= extra["bound"] if extra["relation"] == "≥" else extra["ratio"] <= extra["bound"]
    return "✓" if holds else "✗ not reached"


def seconds(value: float) -> str:
    """0.0123 → "12.3 ms"."""
    unit, scale = next(((u, s) for u, s in (("s", 1), ("ms", 1e-3)) if value >= s), ("µs", 1e-6))
    return f"{value / scale:.3g} {unit}"


class Benchmarks(SphinxDirective):
    def run(self):
        path = Path(self.env.srcdir, "book", "benchmarks.json")
        self.env.note_dependency(str(path))
        record = json.loads(path.read_text())
        runs = [{**run, "median": seconds(run["stats"]["median"])} for run in record["benchmarks"]]
        html = PAGE.render(
            benchmarks=runs, verdict=verdict, cpu=record["machine_info"]["cpu"].get("brand_raw", "an unnamed processor")
        )
        return [nodes.raw("", html, format="html")]


def setup(app):
    app.add_directive("benchmarks", Benchmarks)
    return {"parallel_read_safe": True}
