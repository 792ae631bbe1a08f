"""The built book: its links, its figures, what it lists."""

import pkgutil
from collections import Counter
from urllib.parse import unquote, urldefrag, urlparse

from bs4 import BeautifulSoup


def anchors(page):
    return {element["id"] for element in page.find_all(id=True)} | {
        a["name"] for a in page.find_all("a", attrs={"name": True})
    }


def test_index_opens_the_first_page(site):
    refresh = BeautifulSoup((site / "index.html").read_text(), "html.parser").find("meta")["content"]
    assert (site / refresh.split("url=")[1]) == site / "notebooks/00_welcome.html"
    assert (site / "notebooks/00_welcome.html").exists()


def test_every_internal_link_resolves(pages):
    known = {path: anchors(page) | {"", "top"} for path, page in pages.items()}
    broken = []
    for path, page in pages.items():
        targets = [(a, a["href"]) for a in page.find_all(["a", "link"], href=True)]
        targets += [(img, img["src"]) for img in page.find_all(["img", "script"], src=True)]
        for element, target in targets:
            address, anchor = urldefrag(target)
            if urlparse(address).scheme:
                continue
            file = (path.parent / unquote(urlparse(address).path)).resolve() if address else path
            lost = not file.exists() or (element.name == "a" and file in known and unquote(anchor) not in known[file])
            if lost:
                broken.append(f"{path.name}: {target}")
    assert broken == []


def test_ids_are_unique_on_each_page(pages):
    twice = {}
    for path, page in pages.items():
        count = Counter(element["id"] for element in page.find_all(id=True))
        twice |= {f"{path.name}#{id}": n for id, n in count.items() if n > 1}
    assert twice == {}


def test_every_figure_has_a_caption_and_alternative_text(pages):
    figures, bare = 0, []
    for path, page in pages.items():
        for image in page.select("article img"):
            figures += 1
            caption = image.find_parent("figure") and image.find_parent("figure").find("figcaption")
            described = image.get("alt") and image["alt"] not in image["src"]
            if not (described and caption and caption.get_text(strip=True)):
                bare.append(f"{path.name}: {image['src']}")
    assert figures and bare == []


def test_the_scorecard_shows_every_claim_and_its_verdict(pages, site, claims):
    rows = pages[site / "book/scorecard.html"].select(".rnnlab-record tbody tr")
    shown = {row.th.get_text(): row.find_all("td")[-1].get_text()[2:] for row in rows}
    assert claims and shown == {id: record["verdict"] for id, record in claims.items()}


def test_every_public_module_has_a_page(pages):
    import rnnlab

    names = (module.name for module in pkgutil.walk_packages(rnnlab.__path__, "rnnlab."))
    public = {name for name in names if not name.rpartition(".")[2].startswith("_")}
    targets = (target["id"] for page in pages.values() for target in page.select("[id^=module-]"))
    listed = {target.removeprefix("module-") for target in targets}
    assert public - listed == set()
