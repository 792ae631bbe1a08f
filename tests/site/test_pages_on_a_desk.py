"""Every page on a desk, in the dark theme. A file of its own: the two views are looked at by two processes."""

import pytest

VIEW = {"viewport": {"width": 1300, "height": 900}, "color_scheme": "dark"}


@pytest.mark.parametrize("what", ["outside", "errors", "overflow", "clipped", "violations"])
def test_pages_in_chromium(looked_at, what):
    assert {page: found[what] for page, found in looked_at.items() if found[what]} == {}
