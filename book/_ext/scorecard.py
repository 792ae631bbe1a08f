"""The directive `{scorecard}`: every claim that the executed notebooks recorded, and how many hold."""

import executed
from docutils import nodes
from jinja2 import Environment
from sphinx.util.docutils import SphinxDirective

from rnnlab.book.claims import Check

# The roles say again what the elements are: on a phone the style sheet stacks the cells, and browsers then forget it.
PAGE = Environment(autoescape=True).from_string("""
<p class="rnnlab-count"><strong>{{ claims | selectattr("holds") | list | length }} of {{ claims | length }}</strong>
claims reproduced.</p>
<table class="rnnlab-record" role="table">
<thead role="rowgroup"><tr role="row">
{% for name in ("Claim", "What is shown", "Paper", "Ours", "Verdict") %}
<th role="columnheader">{{ name }}</th>{% endfor %}
</tr></thead>
<tbody role="rowgroup">
{% for claim in claims %}
<tr role="row" class="rnnlab-{{ "holds" if claim.holds else "fails" }}">
<th role="rowheader" scope="row"><a class="reference internal" href="{{ claim.uri }}">{{ claim.id }}</a></th>
<td role="cell">{{ claim.sentence }}{% if claim.note %} <em>{{ claim.note }}</em>{% endif %}</td>
<td role="cell" data-label="Paper">{{ claim.paper }}</td>
<td role="cell" data-label="Ours"><ul>{% for check in claim.ours %}<li>{{ check }}</li>{% endfor %}</ul></td>
<td role="cell">{{ "✓" if claim.holds else "✗" }} {{ claim.verdict }}</td>
</tr>
{% endfor %}
</tbody></table>
""")


class Scorecard(SphinxDirective):
    def run(self):
        claims = [
            {
                **claim,
                "uri": f"{self.env.app.builder.get_relative_uri(self.env.docname, page)}#claim-{claim['id']}",
                "ours": [f"{name}: {Check(**check)}" for name, check in claim["checks"].items()],
            }
            for page, notebook in executed.notebooks(self.env)
            for claim in executed.claims(notebook)
        ]
        return [nodes.raw("", PAGE.render(claims=claims), format="html")]


def setup(app):
    app.add_directive("scorecard", Scorecard)
    return {"parallel_read_safe": True}
