"""Verdicts are computed, and what is displayed is the record."""

import json
import math

import numpy as np
import pytest
import torch

from rnnlab.book.claims import MIME, Claim, at_least, at_most, claim, equals, shown


@pytest.mark.parametrize(
    "check, holds",
    [
        (at_least(2, 1), True),
        (at_least(1, 1), True),
        (at_least(0.5, 1), False),
        (at_least(math.nan, 1), False),
        (at_least(1, math.nan), False),
        (at_most(1e-21, 1e-20), True),
        (at_most(math.inf, 1), False),
        (at_most(np.float64("nan"), 1), False),
        (equals(27, 27), True),
        (equals({0: 8, 1: 12}, {0: 8, 1: 12}), True),
        (equals({0: 8}, {0: 8, 1: 12}), False),
        (equals(math.nan, math.nan), False),
        (shown("figure 2"), True),
    ],
)
def test_checks(check, holds):
    assert check.holds is holds
    assert ("fails" in str(check)) is not holds


@pytest.fixture
def displayed(monkeypatch):
    """What `claim` displays."""
    import IPython.display

    shown_objects = []
    monkeypatch.setattr(IPython.display, "display", shown_objects.append)
    return shown_objects


def test_a_claim_is_displayed_with_its_record(displayed):
    claim(
        "E.x",
        "Points & <all>",
        paper="27",
        note="why",
        fixed_points=equals(27, 27),
        q=at_most(np.float32(1e-21), 1e-20),
    )
    bundle = displayed[0]._repr_mimebundle_()
    record = json.loads(json.dumps(bundle[MIME], allow_nan=False))
    assert record["id"] == "E.x" and record["verdict"] == "reproduced" and record["holds"] is True
    assert record["checks"]["fixed points"] == {"value": 27, "relation": "=", "bound": 27, "holds": True}
    assert "Points &amp; &lt;all&gt;" in bundle["text/html"] and "<all>" not in bundle["text/html"]
    assert bundle["text/plain"].startswith("E.x: reproduced. fixed points: 27 = 27")


def test_one_failing_check_is_enough(displayed):
    claim(
        "E.x", "A sentence", paper="27", good=at_least(2, 1), bad=at_least(math.nan, 1), census=equals({0: 8}, {0: 9})
    )
    bundle = displayed[0]._repr_mimebundle_()
    assert bundle[MIME]["verdict"] == "not reproduced" and "✗" in bundle["text/html"]
    json.dumps(bundle[MIME], allow_nan=False)


@pytest.mark.parametrize(
    "value", [torch.tensor(3), torch.tensor(0.5), np.int64(3), np.float32(0.5), np.bool_(True), "text", (1, 2)]
)
def test_any_value_becomes_json(value):
    json.dumps(Claim("E.x", "A sentence", "", {"value": equals(value, value)}).record(), allow_nan=False)


@pytest.mark.parametrize(
    "arguments, checks",
    [(("", "A sentence"), {"n": shown("here")}), (("E.x", ""), {"n": shown("here")}), (("E.x", "A sentence"), {})],
)
def test_a_claim_needs_its_parts(arguments, checks):
    with pytest.raises(ValueError, match="an id, a sentence and at least one check"):
        claim(*arguments, paper="27", **checks)
