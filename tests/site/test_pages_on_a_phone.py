"""Every page on a phone, in the light theme."""

import pytest

VIEW = {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"}


@pytest.mark.parametrize("what", ["outside", "errors", "overflow", "clipped", "violations"])
def test_pages_in_chromium(looked_at, what):
    assert {page: found[what] for page, found in looked_at.items() if found[what]} == {}
