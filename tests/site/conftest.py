"""The pages of the built book, parsed, and as Chromium shows them from disk."""

from urllib.parse import urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

# Without preloading, axe itself makes no requests.
AXE = {"resultTypes": ["violations"], "preload": False}


@pytest.fixture(scope="module")
def pages(site):
    """The parsed pages by path; index.html only forwards to the first."""
    paths = [path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts]
    return {path: BeautifulSoup(path.read_text(), "html.parser") for path in paths}


@pytest.fixture(scope="module")
def looked_at(browser, pages, request):
    """What Chromium met on each page, in the VIEW of the module: requests, errors, overflow in px, violations."""
    context, axe = browser.new_context(**request.module.VIEW), Axe()
    found = {path.name: look_at(context, path, axe) for path in pages if path.name != "index.html"}
    context.close()
    return found


def look_at(context, path, axe):
    outside, errors = [], []

    def only_files(route):
        if urlparse(route.request.url).scheme == "file":
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    page = context.new_page()
    page.set_default_timeout(120_000)  # a busy machine is no finding
    page.route("**/*", only_files)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(path.as_uri())
    page.evaluate("() => window.MathJax?.startup?.promise")
    overflow = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    violations = [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in axe.run(page, options=AXE).response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
    page.close()
    return {"outside": outside, "errors": errors, "overflow": overflow, "violations": violations}
