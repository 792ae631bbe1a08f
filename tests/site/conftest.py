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
    """What Chromium met on each page, in the VIEW of the module: outside, errors, overflow, clipped, violations."""
    context, axe = browser.new_context(**request.module.VIEW), Axe()
    found = {path.name: look_at(context, path, axe) for path in looked_at_pages(pages)}
    context.close()
    return found


def looked_at_pages(pages):
    """All pages but the one that forwards, and of those of the modules, which are all alike, every tenth."""
    modules = [path for path in pages if path.parent.name == "api"]
    return [path for path in pages if path.name != "index.html" and path not in modules] + modules[::10]


# Code, outputs and tables that are wider than their place, folded ones too.
CLIPPED = """() => {
    document.querySelectorAll("article details").forEach((fold) => (fold.open = true));
    return [...document.querySelectorAll("article :is(pre, table)")]
        .filter((box) => box.scrollWidth > box.clientWidth + 1
            || box.getBoundingClientRect().width > box.parentElement.clientWidth + 1)
        .map((box) => box.textContent.trim().slice(0, 60));
}"""


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
    clipped = page.evaluate(CLIPPED)
    page.close()
    return {"clipped": clipped, "outside": outside, "errors": errors, "overflow": overflow, "violations": violations}
