"""The player that reads, in a real browser: Python's tokens, torch's numbers, and whatever a reader may type."""

import copy
import dataclasses
import sys
import unicodedata

import jaxtyping
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from torch import nn

from rnnlab import geometry, live
from rnnlab.book import language, players
from rnnlab.book.corpora import Vocabulary, tokenize
from rnnlab.book.language import TextClassifier
from rnnlab.cells import GRU, LSTM, UGRNN, GRUResetAfter, PreActivationRNN, VanillaRNN
from rnnlab.dynamics import linearize
from rnnlab.network import Network

WORDS = (
    "the a film is was it not n't 's good bad great dull very and but , . ! plot acting ending all at i would have "
    "never fine 😀"
).split()
TEXT = "The film isn't bad at all, but the plot was dull; zxcvb! A great ending 😀."
NASTY = [
    "", " \n\t ", TEXT, "don't DON’T can't won't n't 'n't ann'tn't nn't",
    "it's 'S they'll we're I'd i'm you've 'tis 'sx 's_ 's.",
    "<br /><BR/><b>bold</b> a<b <p class='x'> < br> 3<4>2 <a href='01234567890123456789'> <a href=\"1234567890\">",
    "<aaaaaaaaaaaaaaaaaaaa> <aaaaaaaaaaaaaaaaaaaaa> <a😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀>",
    "👍🏽 👨‍👩‍👧 🇳🇱 e\u0301 é ﬁ İstanbul ΟΔΥΣΣΕΥΣ ΑΣ. ß ẞ ǅ ½ ² Ⅳ ٣ 三十 _x_ __ ͅ",
    "الفيلم ليس سيئا، שלום! नमस्ते दुनिया ไทย 日本語の映画。 한국어",
    "a\x00b\x1cc\x1fd\x85e\xa0f\u2028g\u200bh\u202ei\ufeffj\u3000k",
    "\\w+ ${x} `y` </script> &amp; \"q\" 1,000.50 50% a.b@c.d #tag",
]  # fmt: skip


def made(cell, seed=0, words=WORDS, scale=0.5):
    """A classifier with random weights: what it says is of no interest, only that the page says the same."""
    generator = torch.Generator().manual_seed(seed)
    classifier = TextClassifier.from_cell(Vocabulary(tuple(words)), cell, ["negative", "positive"], generator=generator)
    embeddings = classifier.embeddings.detach() * scale / 0.1
    embeddings[1::7] *= 1e-6  # small enough to be subnormal in float16
    embeddings = embeddings.half().to(cell.W.dtype)
    return TextClassifier(classifier.vocabulary, embeddings, classifier.network.to(cell.W.dtype), classifier.classes)


def parts(classifier, seed=1):
    """All else that a player is made of: any plane, any points and pushes."""
    generator = torch.Generator().manual_seed(seed)
    size, inputs = classifier.cell.state_size, classifier.cell.input_size
    states = torch.randn(300, size, generator=generator)
    pushes = torch.randn(12, inputs, generator=generator)
    return geometry.pca(states, 2), states[:12].half().float(), pushes, states, (states[:, 0] > 0).long()


def opened(show, classifier=None, show_options=None, **options):
    classifier = classifier or made(GRU(6, 8, generator=torch.Generator().manual_seed(0)))
    page = show(players.reading(classifier, *parts(classifier), **options), **(show_options or {}))
    return page, page.locator("rnnlab-reading"), classifier


def at(page, place):
    page.wait_for_function("at => document.querySelector('rnnlab-reading').at === at", arg=place)


def share(logit):
    percent = 100 * torch.tensor(abs(logit), dtype=torch.float64).sigmoid().item()
    return "> 99 %" if percent > 99.5 else f"{percent:.0f} %"


def verdict(classifier, text):
    logit = classifier.classify(text)[1][-1, 0].item()
    return f"{'▲ positive' if logit > 0 else '▼ negative'} ({share(logit)})"


# ---- the network -----------------------------------------------------------------------------------------------------

READ = """async (p, text) => (await p.read(text)).map(({ token, known, state, point, logit, change, push, nearest }) =>
    ({ token, known, state: [...state], point: [...point], logit, change, push, nearest }))"""


def assert_equals_torch(read, classifier, text, pca, points, pushes, tolerance=1e-5):
    tokens, logits, states = classifier.classify(text)
    logits, states = logits[:, 0].double(), states.double()
    assert [step["token"] for step in read] == tokens
    assert [step["known"] for step in read] == [token in classifier.vocabulary for token in tokens]

    def assert_close(name, expected):
        given = torch.tensor([step[name] for step in read], dtype=torch.float64)
        torch.testing.assert_close(given, expected.double(), rtol=0, atol=tolerance)

    zero = torch.zeros_like(states[:1])
    before = torch.cat([zero, states[:-1]])
    start = classifier.network.outputs(zero.to(classifier.embeddings)).double().detach()[0]
    nearest = torch.cdist(before, points.double()).argmin(1)
    inputs = classifier.embed(classifier.vocabulary.encode(tokens)).double()
    assert_close("state", states)
    assert_close("logit", logits)
    assert_close("change", logits.diff(prepend=start))
    assert_close("nearest", nearest)
    assert_close("push", (pushes.double()[nearest] * inputs).sum(1))
    signs = torch.ones(2, dtype=torch.float64)
    signs[0] = (classifier.network.readout.weight[0].double() @ pca.components[0, : classifier.cell.units]).sign()
    assert_close("point", pca.project(states) * signs)


@pytest.mark.parametrize("cell", [GRU, GRUResetAfter, LSTM, UGRNN, VanillaRNN])
def test_reading_equals_torch(show, cell):
    classifier = made(cell(6, 8, generator=torch.Generator().manual_seed(0))).requires_grad_(False)
    pca, points, pushes, *sample = parts(classifier)
    page = show(players.reading(classifier, pca, points, pushes, *sample))
    read = page.locator("rnnlab-reading").evaluate(READ, TEXT)
    assert_equals_torch(read, classifier, TEXT, pca, points, pushes)


def test_reading_in_float64_equals_torch(show):
    classifier = made(LSTM(6, 8, generator=torch.Generator().manual_seed(0)).double()).requires_grad_(False)
    pca, points, pushes, *sample = parts(classifier)
    page = show(players.reading(classifier, pca, points, pushes.double(), *sample))
    read = page.locator("rnnlab-reading").evaluate(READ, TEXT)
    assert_equals_torch(read, classifier, TEXT, pca, points, pushes, tolerance=1e-12)


@pytest.mark.parametrize("name", ["imdb-gru", "imdb-lstm"])
def test_reading_by_a_shipped_network_equals_torch(show, name):
    if name not in language.names():
        pytest.skip(f"{name} is not shipped")
    classifier = language.load(name).requires_grad_(False)
    reading = language.load_record(name)
    pca = dataclasses.replace(reading.pca, components=reading.pca.components[:2])
    points = reading.states[:20]
    modes = linearize(classifier.cell.at(torch.zeros(classifier.cell.input_size)), points)
    pushes = torch.einsum("ps,psi->pi", modes.left[:, 0].real, modes.input_jacobian)
    player = players.reading(classifier, pca, points, pushes, reading.states, reading.classes)
    read = show(player).locator("rnnlab-reading").evaluate(READ, TEXT)
    assert_equals_torch(read, classifier, TEXT, pca, points, pushes)


def test_a_changed_text_is_read_as_if_it_were_new(show):
    """Only what comes after the first change is read again."""
    page, element, classifier = opened(show)
    for text in ("the film is good", "the film is not good", "the film is", "the film is , fine", "a film is , fine"):
        read = element.evaluate(READ, text)
        tokens, logits, _ = classifier.classify(text)
        assert [step["token"] for step in read] == tokens
        torch.testing.assert_close(torch.tensor([step["logit"] for step in read]), logits[:, 0], rtol=0, atol=1e-5)


# ---- tokens ----------------------------------------------------------------------------------------------------------


def test_tokens_equal_pythons(show):
    _, element, _ = opened(show)
    assert element.evaluate("(p, texts) => texts.map(text => p.tokens(text))", NASTY) == list(map(tokenize, NASTY))


def test_every_character_is_taken_as_python_takes_it(show):
    """All characters that Python's tables hold, between letters; other tables may be newer, and hold more."""
    _, element, _ = opened(show)
    every = map(chr, range(sys.maxunicode + 1))
    known = [char for char in every if unicodedata.category(char) not in ("Cn", "Co", "Cs")]
    text = " ".join(f"a{char}b" for char in known)
    differing = element.evaluate(
        """(p, [text, expected]) => {
            const tokens = p.tokens(text);
            return [tokens.length, tokens.filter((token, i) => token !== expected[i])];
        }""",
        [text, tokenize(text)],
    )
    assert differing == [len(tokenize(text)), []] and len(known) > 140_000


# ---- what a reader types ---------------------------------------------------------------------------------------------


def test_typed_words_are_read_and_the_answer_is_said_in_words(show):
    page, element, classifier = opened(show)
    box = page.get_by_label("Type a review")
    box.fill("")
    box.press_sequentially("The film isn't good")
    at(page, 5)
    page.get_by_text(verdict(classifier, "The film isn't good")).wait_for()
    logit = classifier.classify("The film isn't good")[1][-1, 0]
    page.get_by_text(f"after 5 tokens, logit {logit:+.2f}".replace("-", "−")).wait_for()
    assert page.locator(".chip").all_inner_texts() == ["the", "film", "is", "n't", "good"]


def test_the_first_example_is_read_at_once_and_each_at_a_click(show):
    page, element, classifier = opened(show, examples=("bad", "not bad", "a " * 40 + "film"))
    page.get_by_text(verdict(classifier, "bad")).wait_for()
    page.get_by_role("group", name="Examples").get_by_role("button", name="not bad").click()
    page.get_by_role("button", name="Pause").wait_for()
    at(page, 2)
    page.get_by_text(verdict(classifier, "not bad")).wait_for()
    page.get_by_role("button", name="Play").wait_for()
    assert page.get_by_label("Type a review").input_value() == "not bad"
    page.get_by_role("button", name="a a a a").click()
    assert page.locator(".chip").count() == 41


@pytest.mark.parametrize("text", ["", "  \n ", "<br />"])
def test_empty_text(show, text):
    page, element, _ = opened(show)
    page.get_by_label("Type a review").fill(text)
    page.get_by_text("There is nothing to read yet").wait_for()
    assert page.locator(".class").inner_text() == "Nothing read yet"
    assert page.locator(".chip").count() == 0
    assert page.get_by_role("button", name="Play").is_disabled() and page.get_by_label("Tokens read").is_disabled()
    page.locator(".spoken", has_text="Nothing to read").wait_for(state="attached")


def test_without_examples_it_begins_empty(show):
    page, _, _ = opened(show, examples=())
    page.get_by_text("There is nothing to read yet").wait_for()


def test_unknown_words_are_said_to_be_unknown(show):
    page, _, _ = opened(show)
    page.get_by_label("Type a review").fill("A brilliantissimo film, qwerty qwerty")
    page.get_by_text("read as nothing (x = 0): “⁨brilliantissimo⁩”, “⁨qwerty⁩”.").wait_for()
    chips = page.locator(".chip")
    marked = chips.evaluate_all("chips => chips.map(chip => getComputedStyle(chip, '::after').content)")
    assert [mark == '"?"' for mark in marked] == [False, True, False, False, True, True]
    assert "dotted" in chips.nth(1).evaluate("chip => getComputedStyle(chip).textDecoration")
    chips.nth(1).click()
    page.get_by_text("“⁨brilliantissimo⁩”, unknown: alone +0.00, network").wait_for()
    assert not page.get_by_text("knows none of these words").is_visible()


def test_text_of_unknown_words_only(show):
    page, element, classifier = opened(show)
    text = "eins zwei drei vier fünf sechs sieben acht"
    page.get_by_label("Type a review").fill(text)
    page.get_by_text("“⁨sechs⁩” and 2 more. The network knows none of these words").wait_for()
    page.get_by_text(verdict(classifier, text)).wait_for()


def test_emoji_are_one_token_for_each_code_point(show):
    page, _, classifier = opened(show)
    page.get_by_label("Type a review").fill("good😀👍🏽 bad")
    at(page, 5)
    assert page.locator(".chip").all_inner_texts() == ["good", "😀", "👍", "🏽", "bad"]
    page.get_by_text(verdict(classifier, "good😀👍🏽 bad")).wait_for()


def test_right_to_left_text_runs_from_right_to_left(show):
    page, _, _ = opened(show)
    page.get_by_label("Type a review").fill("الفيلم ليس سيئا good film")
    at(page, 5)
    chips = page.locator(".chip")
    left = [chips.nth(i).bounding_box()["x"] for i in range(5)]
    assert left == sorted(left, reverse=True)
    chips.nth(0).click()
    page.keyboard.press("ArrowLeft")
    at(page, 2)
    page.get_by_label("Type a review").fill("good film")
    page.get_by_text("after 2 tokens").wait_for()
    assert chips.nth(0).bounding_box()["x"] < chips.nth(1).bounding_box()["x"]


def test_ten_thousand_tokens(show):
    """They are read in slices, between which the page has its turn; the state at the end is torch's."""
    page, element, classifier = opened(show)
    text = "The film isn't good , but the ending is ! " * 910
    turns, length, state = element.evaluate(
        """async (p, text) => {
            let turns = 0;
            const clock = setInterval(() => turns++, 5);
            const steps = await p.read(text);
            clearInterval(clock);
            return [turns, steps.length, [...steps.at(-1).state]];
        }""",
        text,
    )
    tokens, _, states = classifier.classify(text)
    assert length == len(tokens) == 10_010
    assert turns >= 1
    torch.testing.assert_close(torch.tensor(state), states[-1].detach(), rtol=0, atol=1e-5)
    page.get_by_text("The first 400 of 10,010 tokens are shown as words.").wait_for()
    page.get_by_text(verdict(classifier, text)).wait_for()
    page.get_by_text("after 10,010 tokens").wait_for()
    assert page.locator(".chip").count() == 400
    page.get_by_label("Tokens read").fill("9000")
    page.get_by_text("after 9,000 of 10,010 tokens").wait_for()


def test_what_is_too_long_is_read_up_to_a_limit_that_is_said(show):
    page, element, _ = opened(show)
    assert element.evaluate("async (p, text) => (await p.read(text)).length", "! " * 20_500) == 20_000
    page.get_by_text("The first 20,000 tokens are read.").wait_for()


def test_a_new_text_ends_the_reading_of_an_old_one(show):
    page, element, classifier = opened(show)
    long = "The film isn't good , but the ending is ! " * 1500
    ends = element.evaluate("(p, texts) => Promise.all(texts.map(text => p.read(text)))", [long, "not bad"])
    assert ends[0] is None and len(ends[1]) == 2
    page.get_by_text(verdict(classifier, "not bad")).wait_for()


@pytest.mark.parametrize(
    "text", ["<script>window.broken = 1</script>", '<img src=x onerror="window.broken = 1">', "</textarea><b>a</b>"]
)
def test_what_is_typed_stays_text(show, text):
    page, element, _ = opened(show, examples=(text,), title=text, caption=text)
    page.get_by_label("Type a review").fill(f"not {text}")
    at(page, len(tokenize(f"not {text}")))
    assert page.locator(".chip").all_inner_texts() == tokenize(f"not {text}")
    assert page.evaluate("window.broken") is None
    assert element.evaluate("p => p.shadowRoot.querySelectorAll('img, script, textarea b').length") == 0
    assert page.locator(".title").inner_text() == text


def test_the_answer_is_spoken_once_a_reader_has_typed(show):
    page, element, _ = opened(show)
    element.evaluate(
        """p => {
            window.said = [];
            const spoken = p.shadowRoot.querySelector(".spoken");
            new MutationObserver(() => said.push(spoken.textContent)).observe(spoken, { childList: true });
        }"""
    )
    page.get_by_label("Type a review").press_sequentially(" not bad qwerty")
    page.get_by_label("Type a review").fill("not bad qwerty")
    page.wait_for_function("said.length")
    page.get_by_role("button", name="Back").click()
    at(page, 2)
    said = page.evaluate("said")
    assert len(said) == 1 and said[0].endswith("after 3 tokens, 1 unknown")


# ---- going through a text --------------------------------------------------------------------------------------------


def test_words_show_both_numbers_by_mouse_and_by_click(show):
    page, element, _ = opened(show)
    read = element.evaluate(READ, "the film is not good")

    def said(i):
        numbers = f"alone {read[i]['push']:+.2f}, network {read[i]['change']:+.2f}".replace("-", "−")
        return f"“⁨{read[i]['token']}⁩”: {numbers}"

    chips = page.locator(".chip")
    chips.nth(1).hover()
    page.get_by_text(said(1)).wait_for()
    chips.nth(3).click()
    page.get_by_text(said(3)).wait_for()
    at(page, 4)
    assert chips.nth(3).get_attribute("aria-current") == "step"
    page.keyboard.press("ArrowRight")
    page.get_by_text(said(4)).wait_for()
    page.get_by_role("button", name="Back").click()
    page.get_by_text(said(3)).wait_for()


def test_colours_are_those_of_the_network_or_of_the_word_alone(show):
    page, element, classifier = opened(show)
    read = element.evaluate(READ, "the film is not good")
    sides = "chips => chips.map(chip => chip.dataset.side || '')"

    def expected(name, strong):
        share = [step[name] / strong for step in read]
        return ["" if abs(value) < 0.1 else "positive" if value > 0 else "negative" for value in share]

    strong = players.reading(classifier, *parts(classifier)).model["strong"]
    by_network, by_word = expected("change", 2), expected("push", strong)
    assert by_network != by_word
    chips = page.locator(".chip")
    page.wait_for_function("chip => 'side' in chip.dataset", arg=chips.last.element_handle())
    assert chips.evaluate_all(sides) == by_network
    button = page.get_by_role("button", name="Push of the word alone")
    button.click()
    page.wait_for_function("button => button.ariaPressed === 'true'", arg=button.element_handle())
    assert chips.evaluate_all(sides) == by_word


def test_play_goes_from_the_first_token_to_the_last(show):
    page, element, _ = opened(show)
    element.evaluate("p => p.read('not bad at all')")
    element.evaluate("p => { p.play(); window.begun = p.at; }")
    assert page.evaluate("begun") == 0
    at(page, 2)
    at(page, 4)
    page.get_by_role("button", name="Play").wait_for()


def test_the_slider_by_keyboard_says_what_it_shows(show):
    page, element, classifier = opened(show)
    element.evaluate("p => p.read('the film is bad')")
    slider = page.get_by_label("Tokens read")
    at(page, 4)
    page.wait_for_function("slider => slider.max === '4' && slider.value === '4'", arg=slider.element_handle())
    slider.focus()
    page.keyboard.press("ArrowLeft")
    at(page, 3)
    said = f"3 of 4: is, {verdict(classifier, 'the film is')[2:]}"
    page.wait_for_function("([s, said]) => s.ariaValueText === said", arg=[slider.element_handle(), said])
    page.keyboard.press("Home")
    at(page, 0)
    page.get_by_text("Nothing read yet").wait_for()
    assert page.locator(".about").inner_text() == "Before the first token."


def test_the_path_is_drawn_step_by_step(show):
    page, element, _ = opened(show)
    element.evaluate("p => p.read('the film is not bad at all')")
    pictures = set()
    for place in (0, 1, 4, 7):
        element.evaluate("(p, at) => { p.at = at; }", place)
        pictures.add(
            element.evaluate(
                """async p => {
                    await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
                    return p.shadowRoot.querySelector(".portrait").toDataURL();
                }"""
            )
        )
    assert len(pictures) == 4


def test_keyboard_alone(show):
    page, element, _ = opened(show, examples=("not bad at all",))

    def focused():
        inside = "document.activeElement.shadowRoot?.activeElement"
        return page.evaluate(f"{inside}?.ariaLabel || {inside}?.textContent || {inside}?.className || ''")

    def tab_to(wanted):
        for _ in range(20):
            page.keyboard.press("Tab")
            if focused().startswith(wanted):
                return
        raise AssertionError(f"Tab never reaches {wanted!r}")

    tab_to("text")
    page.keyboard.press("Control+A")
    page.keyboard.type("the film is very good")
    at(page, 5)
    tab_to("Push of the word alone")
    page.keyboard.press("Enter")
    tab_to("good: alone")
    page.keyboard.press("ArrowLeft")
    at(page, 4)
    tab_to("Tokens read")
    page.keyboard.press("ArrowRight")
    at(page, 5)
    tab_to("Play")
    page.keyboard.press("Space")
    page.locator("rnnlab-reading").get_by_role("button", name="Pause").wait_for()


def test_letters_are_no_shortcuts_of_the_page(show):
    page, element, _ = opened(show)
    page.evaluate("document.addEventListener('keydown', event => { window.heard = event.key; })")
    page.get_by_label("Type a review").press_sequentially("not bad")
    assert page.evaluate("window.heard") is None
    assert element.get_attribute("data-lm-suppress-shortcuts") == ""


def test_reduced_motion_shows_an_example_at_its_end(show):
    page, element, _ = opened(show, show_options={"reduced_motion": "reduce"}, examples=("bad", "not bad at all"))
    page.get_by_role("button", name="not bad at all").click()
    at(page, 4)
    assert page.get_by_role("button", name="Play").is_visible()


# ---- the page --------------------------------------------------------------------------------------------------------


def test_narrow_page(show):
    page, element, _ = opened(
        show, show_options={"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    )
    page.get_by_label("Type a review").fill(f"{TEXT} {'looooong' * 20}")
    at(page, len(tokenize(TEXT)) + 1)
    page.locator(".chip").nth(3).tap()
    at(page, 4)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    sizes = element.evaluate(
        "p => [...p.shadowRoot.querySelectorAll('button, textarea, input')]"
        ".map(e => e.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height))"
    )
    assert min(sizes) >= 24
    assert page.locator("textarea").evaluate("box => parseFloat(getComputedStyle(box).fontSize)") >= 16


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessibility(show, theme):
    page, element, _ = opened(show, title="A reader", caption="It reads.")
    page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    page.get_by_label("Type a review").fill(TEXT * 3)
    at(page, 3 * len(tokenize(TEXT)))
    page.get_by_role("button", name="Push of the word alone").click()
    dark = "([p, dark]) => getComputedStyle(p).getPropertyValue('--negative').startsWith('rgb') === dark"
    page.wait_for_function(dark, arg=[element.element_handle(), theme == "dark"])
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()


def test_players_of_both_kinds_on_one_page(show, two_bits):
    classifier = made(GRU(6, 8))
    both = [live.player(*two_bits), players.reading(classifier, *parts(classifier))]
    for order in (both, both[::-1]):
        page = show(*order)
        assert len(page.locator("rnnlab-player").evaluate("p => p.step([1, 1])")) > 0
        assert page.locator("rnnlab-reading").evaluate("async p => (await p.read('not bad')).length") == 2


def test_one_of_several_readers(show):
    classifiers = {"GRU": made(GRU(6, 8), 1), "LSTM": made(LSTM(6, 8), 2)}
    readers = {name: players.reading(c, *parts(c), examples=("not bad",)) for name, c in classifiers.items()}
    page = show(live.chooser(readers, name="cell"))
    page.get_by_text(verdict(classifiers["GRU"], "not bad")).wait_for()
    page.get_by_role("button", name="LSTM").click()
    page.get_by_text(verdict(classifiers["LSTM"], "not bad")).wait_for()
    assert page.locator("rnnlab-reading:visible").count() == 1


def test_a_moved_player_lives_on(show):
    """JupyterLab takes outputs off the page and puts them back."""
    page, element, classifier = opened(show)
    element.evaluate("p => { p.remove(); document.body.prepend(p); }")
    page.get_by_label("Type a review").fill("not bad")
    page.get_by_text(verdict(classifier, "not bad")).wait_for()


def test_without_scripts_it_says_so(show):
    page, _, _ = opened(show, show_options={"java_script_enabled": False})
    assert page.get_by_text(live.page.FALLBACK).is_visible()


@pytest.fixture
def no_type_hook():
    """The package's own checks, not those of the tests' type hook."""
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)


# ---- what is exported ------------------------------------------------------------------------------------------------


def test_density_counts_the_states_of_each_class():
    classifier = made(GRU(6, 8))
    pca, points, pushes, states, labels = parts(classifier)
    density = players.reading(classifier, pca, points, pushes, states, labels).model["density"]
    width, height = density["bins"]
    x = pca.project(states)
    if classifier.network.readout.weight[0].double() @ pca.components[0] < 0:
        x = x * torch.tensor([-1, 1])
    low, high = x.quantile(torch.tensor([0.005, 0.995], dtype=torch.float64), dim=0)
    inside = ((x >= low) & (x <= high)).all(1)
    assert density["range"] == pytest.approx(torch.stack([low, high]).T.flatten().tolist())
    for label in (0, 1):
        counts = torch.tensor(density["counts"][label]).reshape(height, width)
        those = x[inside & (labels == label)]
        assert counts.sum() == len(those) > 100
        column, row = ((those[0] - low) / (high - low) * torch.tensor([width, height])).int()
        assert counts[row, column] > 0


def test_ten_thousand_words_and_an_lstm_are_small_enough():
    classifier = made(LSTM(64, 256), words=[f"word{i:04}" for i in range(10_000)])
    assert len(players.reading(classifier, *parts(classifier)).html.encode()) < 2_500_000


def test_html_has_one_script():
    classifier = made(GRU(6, 8))
    player = players.reading(classifier, *parts(classifier), title="</script><script>")
    assert player.html.count("<script>") == player.html.count("</script>") == 1


def test_repr():
    classifier = made(GRU(6, 8))
    player = players.reading(classifier, *parts(classifier))
    assert repr(player) == f"ReadingPlayer(GRU, 8 units, {len(WORDS)} words)"


def replaced(network):
    return lambda c: TextClassifier(c.vocabulary, c.embeddings.detach(), network, c.classes)


def broken(c):
    c = copy.deepcopy(c)
    c.embeddings.data[1, 0] = 1e5
    return c


@pytest.mark.parametrize(
    "change, error, message",
    [
        (lambda c: c.network, TypeError, "classifier must be a TextClassifier, got Network"),
        (
            lambda c: TextClassifier(c.vocabulary, c.embeddings.detach(), Network.from_cell(GRU(6, 8), 3), "abc"),
            ValueError,
            "reads for two classes; the classifier has 3",
        ),
        (replaced(Network.from_cell(PreActivationRNN(6, 8), 1)), TypeError, "cell is PreActivationRNN"),
        (replaced(Network.from_cell(VanillaRNN(6, 8, nonlinearity="relu"), 1)), ValueError, "nonlinearity is 'relu'"),
        (
            lambda c: TextClassifier(Vocabulary(("a b",)), torch.zeros(2, 6), c.network, c.classes),
            ValueError,
            "no blanks in them, got 'a b'",
        ),
        (broken, ValueError, "embeddings must be finite, also in float16"),
    ],
)
def test_classifiers_that_no_player_can_run_are_refused(no_type_hook, change, error, message):
    classifier = made(GRU(6, 8))
    with pytest.raises(error, match=message):
        players.reading(change(classifier), *parts(classifier))


@pytest.mark.parametrize(
    "name, change, message",
    [
        ("pca", lambda p: dataclasses.replace(p, components=p.components[:1]), r"components \(≥ 2, 8\), got \(1, 8\)"),
        ("pca", lambda p: dataclasses.replace(p, components=p.components[:, :4]), r"\(≥ 2, 8\), got \(2, 4\)"),
        ("points", lambda p: p[:, :4], r"points must be of shape \(≥ 1, 8\), got \(12, 4\)"),
        ("points", lambda p: p[:0], r"points must be of shape \(≥ 1, 8\), got \(0, 8\)"),
        ("points", lambda p: p[:5], "a row for each of the 5 points, got 12"),
        ("points", lambda p: p / 0, "points must be finite"),
        ("pushes", lambda p: p[:, :3], r"pushes must be of shape \(≥ 1, 6\), got \(12, 3\)"),
        ("pushes", lambda p: p * torch.nan, "pushes must be finite"),
        ("states", lambda s: s[0], r"states must be of shape \(≥ 1, 8\), got \(8,\)"),
        ("states", lambda s: s * 0, "states must vary along both components"),
        ("labels", lambda y: y[:7], "labels must be 0 or 1 for each of the 300 states"),
        ("labels", lambda y: 2 * y, "labels must be 0 or 1 for each of the 300 states"),
    ],
)
def test_what_does_not_fit_is_refused(no_type_hook, name, change, message):
    classifier = made(GRU(6, 8))
    given = dict(zip(("pca", "points", "pushes", "states", "labels"), parts(classifier)))
    with pytest.raises(ValueError, match=message):
        players.reading(classifier, **given | {name: change(given[name])})


def test_a_readout_that_is_not_linear_is_refused(no_type_hook):
    classifier = made(GRU(6, 8))
    readout = nn.Sequential(nn.Linear(8, 1))
    readout.out_features = 1
    with pytest.raises(TypeError, match="torch.nn.Linear, got Sequential"):
        players.reading(replaced(Network(GRU(6, 8), readout))(classifier), *parts(classifier))
