"""The player that remembers, in a real browser: torch's states, and a picture that one draws in."""

import jaxtyping
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe

from rnnlab import live
from rnnlab.book import players
from rnnlab.book.chapters.ch16_wells import corrupted, hopfield, random_patterns
from rnnlab.book.players.memories import SIGNS
from rnnlab.cells import GRU, LowRankRNN

ROWS, COLUMNS = 12, 10
NAMES = ["disc", "ring", "stripes"]


def made(count=3, seed=0, dtype=torch.float32, **options):
    """A network that stores random pictures, and these."""
    patterns = random_patterns(count, ROWS * COLUMNS, torch.Generator().manual_seed(seed)).to(dtype)
    return hopfield(patterns, **options), patterns


def opened(show, stored=None, *, play=False, **options):
    """A page with the player, which stands still at its first memory, ready to be fast, unless it is to play."""
    cell, patterns = stored or made()
    names = NAMES if len(patterns) == 3 else ()
    page = show(players.memories(cell, patterns, (ROWS, COLUMNS), names=names), **options)
    element = page.locator("rnnlab-memories")
    if not play:
        element.evaluate(
            "(p, first) => { p.pause(); p.picture = first; p.shadowRoot.querySelector('.speed').value = 30; }",
            patterns[0].tolist(),
        )
    return page, element, patterns


def picture(element):
    return torch.tensor(element.evaluate("p => [...p.picture]"))


def state(element):
    return torch.tensor(element.evaluate("p => [...p.state]"), dtype=torch.float64)


def words(page, text):
    page.locator(".words").get_by_text(text, exact=True).wait_for()


def press(page, name):
    page.get_by_role("button", name=name).click()


def middle(page, row, column):
    """The middle of a pixel, in the page."""
    box = page.locator(".picture").bounding_box()
    return box["x"] + box["width"] * (column + 0.5) / COLUMNS, box["y"] + box["height"] * (row + 0.5) / ROWS


def flipped(element, before):
    """Rows and columns of the pixels whose sign has changed."""
    changed = (picture(element) != before).reshape(ROWS, COLUMNS).nonzero()
    return {(row, column) for row, column in changed.tolist()}


# ---- the network -----------------------------------------------------------------------------------------------------


def planted(dtype):
    """A low-rank network whose n are not its patterns, with one pattern more than its rank."""
    generator = torch.Generator().manual_seed(3)
    m, n = (torch.randn(ROWS * COLUMNS, 2, generator=generator, dtype=dtype) for _ in range(2))
    cell = LowRankRNN.from_loadings(m, n + m, torch.ones(ROWS * COLUMNS, 2, dtype=dtype), dt=0.3).requires_grad_(False)
    return cell, made(3, dtype=dtype)[1]


@pytest.mark.parametrize(
    "stored, tolerance",
    [
        (made(), 1e-5),
        (made(5, gain=1.5, dt=0.25), 1e-5),
        (made(1, dt=1.0), 1e-5),
        (made(dtype=torch.float64), 1e-12),
        (planted(torch.float64), 1e-12),
    ],
)
def test_the_network_equals_torch(show, stored, tolerance):
    cell, patterns = stored
    _, element, _ = opened(show, stored)
    generator = torch.Generator().manual_seed(1)
    for start in (2 * corrupted(patterns[0], 0.3, generator), torch.randn(len(patterns[0]), generator=generator)):
        read = element.evaluate(
            """(p, start) => {
                p.state = start;
                return Array.from({ length: 200 }, () => [[...p.step()], [...p.overlaps]]);
            }""",
            start.tolist(),
        )
        h = start.to(patterns)
        for step, overlaps in read:
            h = cell.step(torch.zeros_like(h), h)
            expected = h.double(), torch.tanh(h).double() @ patterns.double().T / len(h)
            for given, value in zip((step, overlaps), expected):
                torch.testing.assert_close(torch.tensor(given, dtype=torch.float64), value, rtol=0, atol=tolerance)


def test_overlaps_are_those_of_the_hopfield_network(show):
    cell, patterns = made()
    _, element, _ = opened(show, (cell, patterns))
    h = torch.randn(len(patterns[0]), generator=torch.Generator().manual_seed(2))
    overlaps = element.evaluate("(p, h) => { p.state = h; return [...p.overlaps]; }", h.tolist())
    torch.testing.assert_close(torch.tensor(overlaps), cell.overlaps(h), rtol=0, atol=1e-6)


@pytest.mark.parametrize("wrong, message", [("[1, 2]", "120 numbers, not 2"), ("Array(120).fill(NaN)", "finite")])
def test_a_wrong_state_is_refused(show, wrong, message):
    _, element, _ = opened(show)
    complaint = element.evaluate(f"p => {{ try {{ p.state = {wrong} }} catch (error) {{ return error.message }} }}")
    assert message in complaint


# ---- what it says ----------------------------------------------------------------------------------------------------


def test_a_corrupted_memory_is_recalled_when_the_page_opens(show):
    page, element, patterns = opened(show, play=True)
    words(page, "recalled: disc")
    page.get_by_text("at rest").wait_for()
    assert torch.equal(picture(element), patterns[0])


def test_a_recalled_memory_and_its_inverse(show):
    page, element, patterns = opened(show)
    words(page, "disc")
    press(page, "Step")
    words(page, "recalled: disc")
    press(page, "Invert")
    words(page, "inverse of disc")
    assert torch.equal(picture(element), -patterns[0])
    press(page, "Play")
    page.get_by_text("at rest").wait_for()
    words(page, "inverse of disc")
    assert torch.equal(picture(element), -patterns[0])


def test_a_mixture_is_at_rest_too(show):
    page, element, patterns = opened(show)
    element.evaluate("(p, h) => { p.state = h; }", (2 * (patterns[0] + patterns[1] - patterns[2])).tolist())
    press(page, "Play")
    page.get_by_text("at rest").wait_for()
    overlaps = element.evaluate("p => [...p.overlaps]")
    assert all(0.3 < abs(overlap) < 0.8 for overlap in overlaps)
    named = {0: "disc", 1: "ring", 2: "inverse of stripes"}
    order = sorted(named, key=lambda k: -abs(overlaps[k]))
    words(page, f"a mixture of {', '.join(named[k] for k in order)}")


def test_what_is_little_like_a_memory(show):
    page, element, patterns = opened(show)
    part = corrupted(patterns[1], 0.25, torch.Generator().manual_seed(0))
    element.evaluate("(p, picture) => { p.picture = picture; }", part.tolist())
    words(page, "somewhat like ring")
    others = random_patterns(50, ROWS * COLUMNS, torch.Generator().manual_seed(1))
    alike = others[(others @ patterns.T).abs().amax(1).argmin()]
    element.evaluate("(p, picture) => { p.picture = picture; }", alike.tolist())
    words(page, "like none of the memories")


def test_a_gain_below_one_forgets(show):
    page, element, _ = opened(show, made(gain=0.5))
    element.evaluate("p => { for (let i = 0; i < 100; i++) p.step(); }")
    words(page, "faded: no picture is left")


def test_words_are_spoken_when_they_change(show):
    page, element, _ = opened(show)
    assert page.locator(".words").get_attribute("aria-live") == "polite"
    element.evaluate(
        """p => {
            window.said = [];
            const words = p.shadowRoot.querySelector(".words");
            new MutationObserver(() => said.push(words.textContent)).observe(words, { childList: true });
        }"""
    )
    press(page, "ring")
    press(page, "Play")
    page.get_by_text("at rest").wait_for()
    assert page.evaluate("said") == ["ring", "recalled: ring"]


def test_bars_numbers_and_traces_show_the_overlaps(show):
    page, element, _ = opened(show)
    press(page, "stripes")
    words(page, "stripes")
    overlaps = element.evaluate("p => [...p.overlaps]")
    said = [f"{overlap:+.2f}".replace("-", "−") for overlap in overlaps]
    assert page.locator(".value").all_inner_texts() == said and said[2] == "+0.96"
    bars = page.locator(".overlap")
    assert bars.evaluate_all("bars => bars.map(bar => Number(bar.style.getPropertyValue('--overlap')))") == overlaps
    sides = ["positive" if overlap > 0 else "negative" for overlap in overlaps]
    assert bars.evaluate_all("bars => bars.map(bar => bar.dataset.side)") == sides
    # Where the dot at the end of a trace is: its colour, at the height of the overlap.
    places = page.locator(".trace").evaluate_all(
        """traces => traces.map(trace => {
            const { width, height } = trace;
            const { data } = trace.getContext("2d").getImageData(0, 0, width, height);
            let [sum, count] = [0, 0];
            for (let i = 0; i < width * height; i++)
                if (data[4 * i + 3] === 255) [sum, count] = [sum + Math.floor(i / width) + 0.5, count + 1];
            return (0.5 - sum / count / height) / 0.4;
        })"""
    )
    assert places == pytest.approx(overlaps, abs=0.05)


def test_pixels_have_the_colours_of_the_rates(show):
    page, element, patterns = opened(show)
    h = torch.linspace(-4, 4, ROWS * COLUMNS)
    element.evaluate("(p, h) => { p.state = h; }", h.tolist())
    seen = element.evaluate(
        """async (p, [rows, columns]) => {
            await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
            const { width, height } = p.shadowRoot.querySelector(".picture");
            const { data } = p.shadowRoot.querySelector(".picture").getContext("2d").getImageData(0, 0, width, height);
            return Array.from({ length: rows * columns }, (_, unit) => {
                const x = Math.round((((unit % columns) + 0.5) * width) / columns);
                const y = Math.round(((Math.floor(unit / columns) + 0.5) * height) / rows);
                return [...data.slice(4 * (width * y + x), 4 * (width * y + x) + 3)];
            });
        }""",
        [ROWS, COLUMNS],
    )
    low, high = (torch.tensor(list(bytes.fromhex(SIGNS[sign][1:]))) for sign in ("negative", "positive"))
    share = (torch.tanh(h)[:, None] + 1) / 2
    torch.testing.assert_close(torch.tensor(seen).float(), low + share * (high - low), rtol=0, atol=1)


def test_the_two_signs_differ_in_lightness():
    """For readers who do not see their hues: the contrast that WCAG 2.1 asks of graphics."""

    def luminance(colour):
        linear = [
            (c / 255 / 12.92) if c < 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in bytes.fromhex(colour[1:])
        ]
        return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear))

    light, dark = luminance(SIGNS["negative"]), luminance(SIGNS["positive"])
    assert (light + 0.05) / (dark + 0.05) > 3


# ---- what a reader does ----------------------------------------------------------------------------------------------


def test_a_memory_is_put_in_at_a_click(show):
    page, element, patterns = opened(show)
    for name, pattern in zip(NAMES, patterns):
        press(page, name)
        words(page, name)
        torch.testing.assert_close(state(element), 2.0 * pattern.double())


def test_thumbnails_show_the_memories(show):
    page, _, patterns = opened(show)
    seen = page.locator(".thumbnail").evaluate_all(
        """canvases => canvases.map(canvas => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return [...data].filter((_, i) => i % 4 === 0);
        })"""
    )
    reds = {sign: bytes.fromhex(colour[1:])[0] for sign, colour in SIGNS.items()}
    for given, pattern in zip(seen, patterns):
        assert given == [reds["positive" if sign > 0 else "negative"] for sign in pattern.tolist()]


@pytest.mark.parametrize("percent", [0, 20, 100])
def test_corrupt_flips_a_share_of_the_units(show, percent):
    page, element, patterns = opened(show)
    page.get_by_label("Flips").fill(str(percent))
    page.get_by_text(f"{percent} %").wait_for()
    press(page, "Corrupt")
    assert (picture(element) != patterns[0]).sum() == ROWS * COLUMNS * percent // 100
    assert (state(element).abs() == 2).all()


def test_corrupting_again_flips_others(show):
    page, element, patterns = opened(show)
    seen = set()
    for _ in range(3):
        press(page, "disc")
        press(page, "Corrupt")
        seen.add(tuple(picture(element).tolist()))
    assert len(seen) == 3


def test_random_is_like_no_memory_in_particular(show):
    page, element, patterns = opened(show)
    press(page, "Random")
    share = (picture(element) == patterns[0]).double().mean()
    assert 0.3 < share < 0.7


def test_a_click_flips_a_pixel(show):
    page, element, patterns = opened(show)
    page.mouse.click(*middle(page, 3, 7))
    assert flipped(element, patterns[0]) == {(3, 7)}
    page.mouse.click(*middle(page, 3, 7))
    assert flipped(element, patterns[0]) == set()
    page.mouse.click(*middle(page, 3, 7), button="right")
    assert flipped(element, patterns[0]) == set()


def test_a_stroke_paints_one_sign_and_stops_the_time(show):
    page, element, patterns = opened(show)
    press(page, "Play")
    page.get_by_text("at rest").wait_for()
    before = state(element)
    page.mouse.move(*middle(page, 2, 1))
    page.mouse.down()
    page.get_by_role("button", name="Play").wait_for()
    page.mouse.move(*middle(page, 2, 8))  # in one leap
    page.mouse.move(*middle(page, 9, 8))
    page.mouse.up()
    page.mouse.move(*middle(page, 11, 0))
    stroke = [(2, column) for column in range(1, 9)] + [(row, 8) for row in range(3, 10)]
    units = [COLUMNS * row + column for row, column in stroke]
    sign = -before[units[0]].sign()
    expected = before.clone()
    expected[units] = 2 * sign
    # At rest, the network moves by less than 0.01 / τ.
    torch.testing.assert_close(state(element), expected, rtol=0, atol=0.01)
    page.get_by_text("t = 0.0 τ").wait_for()


def test_a_drawn_picture_is_recalled_and_reset_brings_it_back(show):
    page, element, patterns = opened(show)
    press(page, "stripes")
    page.mouse.move(*middle(page, 0, 0))
    page.mouse.down()
    for row in range(2):
        for column in (0, 9, 0):
            page.mouse.move(*middle(page, row, column))
    page.mouse.up()
    drawn = state(element)
    assert (drawn[:20] == drawn[0]).all() and (drawn[20:] == 2 * patterns[2, 20:]).all()
    press(page, "Play")
    page.get_by_text("at rest").wait_for()
    words(page, "recalled: stripes")
    assert torch.equal(picture(element), patterns[2])
    press(page, "Pause")
    press(page, "Reset")
    torch.testing.assert_close(state(element), drawn)
    page.get_by_text("t = 0.0 τ").wait_for()


def test_drawing_by_keyboard(show):
    page, element, patterns = opened(show)
    page.evaluate("document.addEventListener('keydown', event => { window.heard = event.key; })")
    page.locator(".picture").focus()
    page.keyboard.press("ArrowLeft")  # there is nothing beyond the edge
    page.keyboard.press("ArrowUp")
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "Space", "ArrowDown", "Space", "ArrowRight", "Space", "Space"):
        page.keyboard.press(key)
    assert flipped(element, patterns[0]) == {(2, 1), (3, 1)}
    sign = "+1" if patterns[0, 3 * COLUMNS + 2] > 0 else "−1"
    page.locator(".spoken", has_text=f"Row 4, column 3: {sign}").wait_for(state="attached")
    assert page.evaluate("window.heard") is None and page.evaluate("scrollY") == 0
    for _ in range(12):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert flipped(element, patterns[0]) == {(2, 1), (3, 1), (11, 9)}


def test_the_cursor_is_seen_with_the_keyboard_only(show):
    page, element, _ = opened(show)

    def drawn():
        return element.evaluate(
            """async p => {
                await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
                return p.shadowRoot.querySelector(".picture").toDataURL();
            }"""
        )

    plain = drawn()
    page.mouse.click(*middle(page, 0, 0))
    page.mouse.click(*middle(page, 0, 0))
    assert drawn() == plain
    page.keyboard.press("ArrowRight")
    second = drawn()
    page.keyboard.press("ArrowRight")
    assert len({plain, second, drawn()}) == 3
    page.keyboard.press("Tab")
    assert drawn() == plain


def test_step_is_one_step_and_play_goes_on(show):
    page, element, patterns = opened(show)
    press(page, "Corrupt")
    start = state(element)
    press(page, "Step")
    page.get_by_text("t = 0.2 τ").wait_for()
    cell = made(dtype=torch.float64)[0]
    torch.testing.assert_close(state(element), cell.step(torch.zeros(1).double(), start), rtol=0, atol=1e-9)
    press(page, "Play")
    page.get_by_text("at rest").wait_for()
    press(page, "Step")
    page.get_by_role("button", name="Play").wait_for()


def test_speed(show):
    page, element, _ = opened(show)
    press(page, "Play")
    steps = {}
    for speed in (2, 30):
        page.get_by_label("Speed").fill(str(speed))
        steps[speed] = element.evaluate(
            """async p => {
                let steps = 0;
                p.step = () => (steps++, Object.getPrototypeOf(p).step.call(p));
                await new Promise(resolve => setTimeout(resolve, 1000));
                return steps;
            }"""
        )
    assert 1 <= steps[2] <= 3 and 5 < steps[30] <= 32  # fewer on a machine that is busy


def test_keyboard_alone(show):
    page, element, patterns = opened(show)

    def tab_to(wanted):
        inside = "document.activeElement.shadowRoot?.activeElement"
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate(f"{inside}?.textContent || {inside}?.ariaLabel || ''").startswith(wanted):
                return
        raise AssertionError(f"Tab never reaches {wanted!r}")

    tab_to(f"Picture of {ROWS} × {COLUMNS} units")
    page.keyboard.press("Space")
    tab_to("Corrupt")
    page.keyboard.press("Enter")
    assert len(flipped(element, patterns[0])) in (35, 37)  # 30 % of 120, and the one before
    tab_to("ring")
    page.keyboard.press("Space")
    assert torch.equal(picture(element), patterns[1])
    tab_to("Play")
    page.keyboard.press("Enter")
    words(page, "recalled: ring")


def test_reduced_motion_does_not_begin_by_itself(show):
    page, element, patterns = opened(show, play=True, reduced_motion="reduce")
    page.get_by_role("button", name="Play").wait_for()
    page.wait_for_timeout(300)
    page.get_by_text("t = 0.0 τ").wait_for()
    assert len(flipped(element, patterns[0])) == 36
    press(page, "Play")
    words(page, "recalled: disc")


# ---- the page --------------------------------------------------------------------------------------------------------


def test_narrow_page(show):
    page, element, patterns = opened(show, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page.touchscreen.tap(*middle(page, 5, 5))
    assert flipped(element, patterns[0]) == {(5, 5)}
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    sizes = element.evaluate(
        "p => [...p.shadowRoot.querySelectorAll('button, input')]"
        ".map(e => e.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height))"
    )
    assert min(sizes) >= 24


def test_a_finger_draws_and_does_not_scroll(show):
    page, element, patterns = opened(show, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    session = page.context.new_cdp_session(page)

    def touch(kind, *places):
        points = [dict(zip("xy", middle(page, *place))) for place in places]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (9, 4))
    for row in range(8, 1, -1):
        touch("touchMove", (row, 4))
    touch("touchEnd")
    sign = -patterns[0, 9 * COLUMNS + 4]
    stroke = {(row, 4) for row in range(2, 10) if patterns[0, COLUMNS * row + 4] != sign}
    assert flipped(element, patterns[0]) == stroke and len(stroke) > 1
    assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessibility(show, theme):
    page, element, _ = opened(show)
    page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    press(page, "Corrupt")
    page.locator(".picture").focus()
    dark = "([p, dark]) => getComputedStyle(p).getPropertyValue('--negative').startsWith('rgb') === dark"
    page.wait_for_function(dark, arg=[element.element_handle(), theme == "dark"])
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()


def test_players_of_both_kinds_on_one_page(show, two_bits):
    both = [live.player(*two_bits), players.memories(*made(), (ROWS, COLUMNS))]
    for order in (both, both[::-1]):
        page = show(*order)
        assert len(page.locator("rnnlab-player").evaluate("p => p.step([1, 1])")) > 0
        assert page.locator("rnnlab-memories").evaluate("p => p.step().length") == ROWS * COLUMNS


def test_one_of_several(show):
    several = {f"gain {gain}": players.memories(*made(gain=gain), (ROWS, COLUMNS), title="A") for gain in (0.5, 4.0)}
    page = show(live.chooser(several, name="gain"))
    words(page, "faded: no picture is left")
    press(page, "gain 4.0")
    page.locator("rnnlab-memories:visible .words", has_text="recalled: memory 1").wait_for()


def test_a_moved_player_lives_on(show):
    """JupyterLab takes outputs off the page and puts them back."""
    page, element, _ = opened(show)
    element.evaluate("p => { p.remove(); document.body.prepend(p); }")
    press(page, "ring")
    press(page, "Play")
    words(page, "recalled: ring")


def test_what_is_given_stays_text(show):
    cell, patterns = made()
    nasty = "<img src=x onerror='window.broken = 1'></script>"
    page = show(players.memories(cell, patterns, (ROWS, COLUMNS), names=[nasty, "b", "c"], title=nasty, caption=nasty))
    page.get_by_role("button", name=nasty).click()
    words(page, f"recalled: {nasty}")
    assert page.evaluate("window.broken") is None
    assert page.locator(".title").inner_text() == page.locator(".caption").inner_text() == nasty


def test_without_scripts_it_says_so(show):
    page = show(players.memories(*made(), (ROWS, COLUMNS)), java_script_enabled=False)
    assert page.get_by_text(live.page.FALLBACK).is_visible()


# ---- what is exported ------------------------------------------------------------------------------------------------


def test_html_has_one_script():
    player = players.memories(*made(), (ROWS, COLUMNS), title="</script><script>")
    assert player.html.count("<script>") == player.html.count("</script>") == 1


def test_repr_and_names():
    player = players.memories(*made(), (ROWS, COLUMNS))
    assert repr(player) == "MemoriesPlayer(3 memories, 12 × 10 units)"
    assert player.model["names"] == ["memory 1", "memory 2", "memory 3"]


@pytest.fixture
def no_type_hook():
    """The package's own checks, not those of the tests' type hook."""
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)


def broken(cell):
    cell.n.data[0, 0] = torch.nan
    return cell


def erf(cell):
    return LowRankRNN.from_loadings(cell.m, cell.n, torch.zeros(cell.units, 1), nonlinearity="erf")


@pytest.mark.parametrize(
    "change, error, message",
    [
        (lambda given: {"cell": GRU(1, 120)}, TypeError, "cell must be a LowRankRNN, got GRU"),
        (lambda given: {"cell": erf(given["cell"])}, ValueError, "nonlinearity is 'erf'"),
        (lambda given: {"cell": broken(given["cell"])}, ValueError, "the cell's n must be finite"),
        (lambda given: {"patterns": given["patterns"][:, :100]}, ValueError, r"\(≥ 1, 120 units\), got \(3, 100\)"),
        (lambda given: {"patterns": given["patterns"][0]}, ValueError, r"\(≥ 1, 120 units\), got \(120,\)"),
        (lambda given: {"patterns": given["patterns"][:0]}, ValueError, r"\(≥ 1, 120 units\), got \(0, 120\)"),
        (lambda given: {"patterns": 0.5 * given["patterns"]}, ValueError, "patterns must be −1 or \\+1"),
        (lambda given: {"patterns": given["patterns"] * torch.nan}, ValueError, "patterns must be −1 or \\+1"),
        (lambda given: {"shape": (12, 11)}, ValueError, "of the 120 units, got 12 × 11"),
        (lambda given: {"shape": (-12, -10)}, ValueError, "of the 120 units, got -12 × -10"),
        (lambda given: {"names": ["a", "b"]}, ValueError, r"one for each of the 3 patterns, all different; got \['a'"),
        (lambda given: {"names": ["a", "b", "b"]}, ValueError, "one for each of the 3 patterns, all different"),
    ],
)
def test_what_does_not_fit_is_refused(no_type_hook, change, error, message):
    cell, patterns = made()
    given = {"cell": cell, "patterns": patterns, "shape": (ROWS, COLUMNS)}
    with pytest.raises(error, match=message):
        players.memories(**given | change(given))
