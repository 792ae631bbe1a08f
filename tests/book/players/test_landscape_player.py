"""The player of a landscape in a real browser: torch's numbers, the fixed points of the search, and every control."""

import copy

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe

from rnnlab import live
from rnnlab.book import players, zoo
from rnnlab.book.players import Dial
from rnnlab.cells import LowRankRNN, RateRNN
from rnnlab.dynamics import find_fixed_points
from rnnlab.lowrank import Latent, LatentMap, latent_run
from rnnlab.network import Network

PHONE = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
RUN = """(p, settings) => {
    p.pause();
    p.reset();
    return settings.map(dials => {
        p.dials = dials;
        return { κ: [...p.step()], v: [...p.v], y: [...p.output] };
    });
}"""
SETTLE = "p => { p.pause(); for (let i = 0; i < 500; i++) p.step(); return [...p.kappa]; }"


def unit(size, k):
    return torch.eye(size)[k]


@pytest.fixture(scope="module")
def metronome():
    """Rank 2, 1,024 units; it oscillates while the gate is open."""
    network = zoo.load("metronome-rank2")
    dials = [Dial("gate", unit(2, 0), 0.0, 1.0), Dial("pulse", unit(2, 1), -1.0, 1.0)]
    return network, {"dials": dials, "start": torch.tensor([0.4, 0.1]), "title": "Metronome", "caption": "Rank 2."}


@pytest.fixture(scope="module")
def context():
    """Rank 1, 512 units; of two inputs it integrates the one that the context says."""
    network = zoo.load("context-rank1")
    dials = [Dial(f"evidence {k + 1}", unit(4, k), -0.4, 0.4) for k in (0, 1)]
    choices = {f"context {k + 1}": unit(4, 2 + k) for k in (0, 1)}
    return network, {"dials": dials, "choices": choices, "title": "Context", "caption": "Rank 1."}


@pytest.fixture(params=["metronome", "context"])
def given(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def small():
    """Any network of rank 2, for what does not depend on what it does."""
    generator = torch.Generator().manual_seed(3)
    network = Network.from_cell(LowRankRNN(2, 32, rank=2, generator=generator), 1, generator=generator)
    return network, {"dials": [Dial("gate", unit(2, 0), 0.0, 1.0, 0.5)]}


def opened(show, given, **options):
    network, about = given
    page = show(players.landscape(network, **about), **options)
    return page, page.locator("rnnlab-landscape"), network


def paused(show, given, **options):
    page, element, network = opened(show, given, **options)
    element.evaluate("p => p.pause()")
    return page, element, network


def tensor(values):
    return torch.tensor(values, dtype=torch.float64)


# ---- the network -----------------------------------------------------------------------------------------------------


def settings(dials, generator):
    """Values of all dials at 200 steps: each turns every ten steps."""
    parts = torch.rand(20, len(dials), generator=generator).repeat_interleave(10, 0)
    low, high = (torch.tensor([getattr(dial, end) for dial in dials]) for end in ("low", "high"))
    return low + parts * (high - low)


def assert_equals_torch(element, network, dials, base, κ0, tolerance):
    values = settings(dials, torch.Generator().manual_seed(0)).to(base.dtype)
    inputs = base + values @ torch.stack([dial.direction for dial in dials]).to(base.dtype)
    ran = element.evaluate(RUN, values.tolist())
    G = Latent(network.cell)
    κ, v = latent_run(G, inputs[None], κ0[None])
    with torch.no_grad():
        y, _ = network(inputs[None], h0=G.embed(κ0[None].double(), torch.zeros(1, len(base)).double()).to(base.dtype))
    for name, expected in {"κ": κ, "v": v, "y": y.double()}.items():
        torch.testing.assert_close(tensor([step[name] for step in ran]), expected[0], rtol=0, atol=tolerance)


def test_rank_two_equals_torch(show, metronome):
    _, element, network = opened(show, metronome)
    about = metronome[1]
    assert_equals_torch(element, network, about["dials"], torch.zeros(2), about["start"], 1e-5)


def test_rank_one_equals_torch(show, context):
    _, element, network = opened(show, context)
    for name, base in context[1]["choices"].items():
        element.evaluate("(p, name) => { p.choice = name; }", name)
        assert_equals_torch(element, network, context[1]["dials"], base, torch.zeros(1), 1e-5)


@pytest.mark.parametrize("rank", [1, 2])
def test_float64_equals_torch(show, rank):
    generator = torch.Generator().manual_seed(rank)
    cell = LowRankRNN(3, 20, rank=rank, tau=2.0, dt=2.0, generator=generator)
    network = Network.from_cell(cell, 2, generator=generator).double()
    dials = [Dial(f"x{k}", torch.randn(3, generator=generator).double(), -1.0, 1.0) for k in range(3)]
    start = torch.linspace(0.3, 0.7, rank).double()
    _, element, _ = opened(show, (network, {"dials": dials, "start": start}))
    assert_equals_torch(element, network, dials, torch.zeros(3).double(), start, 1e-12)


def assert_fixed_points(element, network, x):
    """The page's fixed points under x, and how many directions of each are unstable, are those of the search."""
    G = Latent(network.cell)
    starts = (2 * torch.rand(200, G.rank, generator=torch.Generator().manual_seed(0)).double() - 1) * G.reach
    points = find_fixed_points(LatentMap(G, x.double()), starts, box=G.reach)
    assert points.audit.closed
    found = element.evaluate("p => p.points")
    assert len(found) == len(points.states)
    distances = torch.cdist(tensor([point["place"] for point in found]), points.states)
    assert distances.amin(1).max() < 1e-6
    assert [points.n_unstable[i] for i in distances.argmin(1)] == [point["unstable"] for point in found]
    return len(found)


def test_rank_two_fixed_points_are_those_of_the_search(show, metronome):
    _, element, network = paused(show, metronome)
    counts = set()
    for dials in ([0, 0], [1, 0], [0.3, 0], [0.05, 0.1], [0, -0.6], [0.6, 0.6]):
        element.evaluate("(p, dials) => { p.dials = dials; }", dials)
        counts.add(assert_fixed_points(element, network, torch.tensor(dials)))
    assert len(counts) > 1


def test_rank_one_fixed_points_are_those_of_the_search(show, context):
    page, element, network = paused(show, context)
    counts = set()
    for name, base in context[1]["choices"].items():
        element.evaluate("(p, name) => { p.choice = name; }", name)
        for dials in ([0, 0], [0.02, 0], [0, -0.03], [0.4, 0.4], [-0.4, 0.1]):
            element.evaluate("(p, dials) => { p.dials = dials; }", dials)
            x = base + sum(value * dial.direction for value, dial in zip(dials, context[1]["dials"]))
            counts.add(count := assert_fixed_points(element, network, x))
            page.locator(".now", has_text=f"{count} fixed point").wait_for()
    assert counts == {1, 3}


def test_nine_fixed_points_of_a_flipflop(show):
    """At dt = τ, where a step is the whole way."""
    network = zoo.load("flipflop2-rank2")
    dials = [Dial(f"bit {k + 1}", unit(2, k), -1.0, 1.0) for k in (0, 1)]
    page, element, _ = paused(show, (network, {"dials": dials}))
    assert assert_fixed_points(element, network, torch.zeros(2)) == 9
    page.locator(".now", has_text="9 fixed points, 4 stable").wait_for()


# ---- what the reader does --------------------------------------------------------------------------------------------


def test_a_choice_changes_the_input(show, context):
    page, element, _ = paused(show, context)
    assert element.evaluate("p => [...p.input]") == [0, 0, 1, 0]
    page.get_by_label("context 2").click()
    assert element.evaluate("p => [...p.input]") == [0, 0, 0, 1]
    assert element.evaluate("p => p.choice") == "context 2"
    assert page.get_by_label("context 2").is_checked() and not page.get_by_label("context 1").is_checked()
    page.keyboard.press("ArrowLeft")
    assert element.evaluate("p => p.choice") == "context 1"


def test_a_dial_turns_the_input_and_the_landscape(show, context):
    page, element, _ = paused(show, context)
    page.locator(".now", has_text="3 fixed points, 2 stable").wait_for()
    dial = page.get_by_label("evidence 1")
    dial.focus()
    page.keyboard.press("End")
    assert element.evaluate("p => [...p.input]") == pytest.approx([0.4, 0, 1, 0])
    page.locator(".now", has_text="1 fixed point, 1 stable").wait_for()
    assert page.locator(".amount").first.inner_text() == "+0.40"
    page.keyboard.press("ArrowLeft")
    assert element.evaluate("p => p.dials[0]") == pytest.approx(0.392)
    box = dial.bounding_box()
    page.mouse.click(box["x"] + 1, box["y"] + box["height"] / 2)
    assert element.evaluate("p => p.dials[0]") == pytest.approx(-0.4, abs=0.01)
    element.evaluate("p => { p.dials = [0.1, 0.2]; }")
    page.wait_for_function("d => d.value === '0.2'", arg=page.get_by_label("evidence 2").element_handle())


def spot(page, axis, value, ranges):
    """The pixel along an axis of the picture at which a value is drawn."""
    box = page.locator(".portrait").bounding_box()
    low, high = ranges[axis]
    part = (value - low) / (high - low)
    return 44 + part * (box["width"] - 56) if axis == 0 else 12 + (1 - part) * (box["height"] - 38)


def test_a_click_in_the_plane_puts_the_state_there_at_rest_under_the_input(show, metronome):
    page, element, _ = paused(show, metronome)
    element.evaluate("p => { p.dials = [0.5, 0]; }")
    ranges = players.landscape(metronome[0], **metronome[1]).model["range"]
    place = [-0.6, 0.3]
    page.locator(".portrait").click(position={k: spot(page, i, place[i], ranges) for i, k in enumerate("xy")})
    assert element.evaluate("p => [...p.kappa]") == pytest.approx(place, abs=0.02)
    assert element.evaluate("p => [...p.v]") == [0.5, 0]


def test_a_click_beside_the_axis_puts_the_state_on_it(show, context):
    page, element, _ = paused(show, context)
    ranges = players.landscape(context[0], **context[1]).model["range"]
    page.locator(".portrait").click(position={"x": spot(page, 0, 0.5, ranges), "y": 40})
    assert element.evaluate("p => [...p.kappa]") == pytest.approx([0.5], abs=0.02)
    assert element.evaluate(SETTLE) == pytest.approx([0.4456], abs=1e-3)
    output = page.locator(".row", has_text="output").locator(".value")
    page.locator(".spoken", has_text="The state rests at +0.45, output +").wait_for(state="attached")
    assert float(output.inner_text()) == pytest.approx(element.evaluate("p => p.output[0]"), abs=0.006)


def test_the_state_is_held_while_it_is_dragged(show, metronome):
    page, element, _ = opened(show, metronome)
    box = page.locator(".portrait").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 80, y - 60, steps=4)
    held = element.evaluate("p => [...p.kappa]")
    page.wait_for_timeout(200)
    assert element.evaluate("p => [...p.kappa]") == held and held[0] > 0.2 and held[1] > 0.1
    page.mouse.up()
    page.wait_for_function("κ => document.querySelector('rnnlab-landscape').kappa[0] !== κ", arg=held[0])


def test_play_step_and_reset(show, metronome):
    page, element, network = opened(show, metronome)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Reset").click()
    start = metronome[1]["start"]
    assert element.evaluate("p => [...p.kappa]") == pytest.approx(start.tolist())
    page.get_by_role("button", name="Step").click()
    κ, _ = latent_run(Latent(network.cell), torch.zeros(1, 1, 2), start[None])
    assert element.evaluate("p => [...p.kappa]") == pytest.approx(κ[0, 0].tolist())
    page.get_by_label("Speed").fill("100")
    page.get_by_role("button", name="Play").click()
    page.locator(".spoken", has_text="The state rests").wait_for(state="attached")


def test_the_metronome_oscillates_while_its_gate_is_open(show, metronome):
    page, element, _ = paused(show, metronome)
    element.evaluate("p => { p.dials = [1, 0]; }")
    course = element.evaluate("p => Array.from({ length: 160 }, () => (p.step(), p.output[0]))")
    page.locator(".now", has_text="1 fixed point, 0 stable").wait_for()
    page.locator(".spoken", has_text="The state moves").wait_for(state="attached")
    last = tensor(course)[80:]
    assert last.max() > 0.8 and last.min() < -0.8 and (last.sign().diff() != 0).sum() == 4


def test_keyboard_alone(show, context):
    page, element, _ = opened(show, context)

    def tab_to(wanted):
        inside = "document.activeElement.shadowRoot?.activeElement"
        for _ in range(20):
            page.keyboard.press("Tab")
            name = page.evaluate(f"{inside}?.ariaLabel || {inside}?.labels?.[0]?.textContent || {inside}?.textContent")
            if (name or "").strip().startswith(wanted):
                return
        raise AssertionError(f"Tab never reaches {wanted!r}")

    tab_to("Velocity of κ against κ, 3 fixed points, 2 stable")
    tab_to("context 1")
    page.keyboard.press("ArrowDown")
    assert element.evaluate("p => p.choice") == "context 2"
    tab_to("evidence 1")
    page.keyboard.press("Home")
    assert element.evaluate("p => p.dials[0]") == pytest.approx(-0.4)
    tab_to("Pause")
    page.keyboard.press("Space")
    tab_to("Step")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Play").wait_for()
    tab_to("Speed")
    page.locator(".portrait").focus()
    before = element.evaluate("p => p.kappa[0]")
    page.keyboard.press("ArrowRight")
    width = 0.02 * 2.158
    assert element.evaluate("p => p.kappa[0]") - before == pytest.approx(width, rel=0.02)
    assert page.evaluate("scrollY") == 0


COME_TO_REST = """async () => {
    for (let before = NaN; before !== scrollY;) {
        before = scrollY;
        await new Promise(resolve => setTimeout(resolve, 100));
    }
}"""


def test_touch_and_a_narrow_page(show, metronome):
    page, element, _ = paused(show, metronome, **PHONE)
    box = page.locator(".portrait").bounding_box()
    page.locator(".portrait").tap(position={"x": box["width"] - 40, "y": 40})
    κ = element.evaluate("p => [...p.kappa]")
    assert κ[0] > 1 and κ[1] > 0.4
    client = page.context.new_cdp_session(page)
    touch = lambda kind, points: client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    x, y = box["x"] + 100, box["y"] + 250
    touch("touchStart", [{"x": x, "y": y}])
    for i in range(1, 9):
        touch("touchMove", [{"x": x, "y": y - 20 * i}])
    touch("touchEnd", [])
    page.wait_for_function("scrollY > 50")
    page.evaluate(COME_TO_REST)  # a finger on a page that still rolls only stops it
    assert element.evaluate("p => [...p.kappa]") == κ
    y = page.locator(".portrait").bounding_box()["y"] + 100
    touch("touchStart", [{"x": x, "y": y}])
    for i in range(1, 9):
        touch("touchMove", [{"x": x + 20 * i, "y": y}])
    touch("touchEnd", [])
    page.wait_for_function("([p, κ]) => String(p.kappa) !== String(κ)", arg=[element.element_handle(), κ])
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    sizes = element.evaluate(
        "p => [...p.shadowRoot.querySelectorAll('button, input')]"
        ".map(e => e.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height))"
    )
    assert min(sizes) >= 24


# ---- the page --------------------------------------------------------------------------------------------------------


def picture(element):
    return element.evaluate(
        """async p => {
            p.points;
            await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
            return p.shadowRoot.querySelector(".portrait").toDataURL();
        }"""
    )


def test_the_picture_follows_the_input_the_state_and_the_theme(show, given):
    page, element, _ = paused(show, given)
    pictures = {picture(element)}
    element.evaluate("p => { p.dials = p.dials.map(() => 0.3); }")
    pictures.add(picture(element))
    element.evaluate("p => { p.kappa = p.kappa.map(() => 0.2); }")
    pictures.add(picture(element))
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_timeout(200)
    pictures.add(picture(element))
    assert len(pictures) == 4


def lightness(red, green, blue):
    """CIE L* of an sRGB colour, 0 to 255."""
    linear = [((c / 255 + 0.055) / 1.055) ** 2.4 if c > 10 else c / 255 / 12.92 for c in (red, green, blue)]
    Y = sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear))
    return 116 * Y ** (1 / 3) - 16 if Y > 0.008856 else 903.3 * Y


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_speeds_are_told_by_lightness_in_even_steps(show, small, theme):
    page, element, _ = paused(show, small)
    page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    page.wait_for_timeout(200)
    ends = element.evaluate(
        """p => ["--halo", "--tone"].map(name => {
            const pen = new OffscreenCanvas(1, 1).getContext("2d");
            pen.fillStyle = getComputedStyle(p).getPropertyValue(name);
            pen.fillRect(0, 0, 1, 1);
            return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
        })"""
    )
    slow, fast = map(tensor, ends)
    steps = tensor([lightness(*(slow + k / 20 * (fast - slow)).tolist()) for k in range(21)])
    even = torch.linspace(float(steps[0]), float(steps[-1]), 21, dtype=torch.float64)
    assert (steps[-1] - steps[0]).abs() > 40
    assert (steps - even).abs().max() < 0.05 * (steps[-1] - steps[0]).abs()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessibility(show, given, theme):
    page, _, _ = opened(show, given)
    page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    page.wait_for_timeout(200)
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()


def test_reduced_motion_rests_until_it_is_played(show, metronome):
    page, element, _ = opened(show, metronome, reduced_motion="reduce")
    page.get_by_role("button", name="Play").wait_for()
    page.wait_for_timeout(200)
    assert element.evaluate("p => [...p.kappa]") == pytest.approx(metronome[1]["start"].tolist())


def test_players_of_both_kinds_and_a_chooser(show, two_bits, metronome, context):
    landscapes = {name: players.landscape(network, **about) for name, (network, about) in
                  {"rank 2": metronome, "rank 1": context}.items()}  # fmt: skip
    page = show(live.player(*two_bits), live.chooser(landscapes, name="network"))
    assert len(page.locator("rnnlab-player").evaluate("p => p.step([1, 1])")) > 0
    page.get_by_role("button", name="rank 1").click()
    page.get_by_label("context 2").wait_for()
    assert page.locator("rnnlab-landscape:visible").count() == 1


def test_a_moved_player_lives_on(show, small):
    """JupyterLab takes outputs off the page and puts them back."""
    page, element, _ = opened(show, small)
    element.evaluate("p => { p.remove(); document.body.prepend(p); p.kappa = [1, 1]; }")
    page.wait_for_function("document.querySelector('rnnlab-landscape').kappa[0] !== 1")


def test_text_is_text(show, small):
    network, _ = small
    text = "</script><script>window.broken = 1</script> \"&amp;' <b>bold</b>"
    named = {"dials": [Dial(text, unit(2, 0), 0.0, 1.0)], "choices": {text: unit(2, 1)}, "title": text, "caption": text}
    player = players.landscape(network, **named)
    assert player.html.count("<script>") == player.html.count("</script>") == 1
    page = show(player)
    assert page.locator(".title").inner_text() == text
    assert page.evaluate("window.broken") is None
    assert page.locator("rnnlab-landscape").evaluate("p => p.shadowRoot.querySelectorAll('script, b').length") == 0


def test_without_scripts_it_says_so(show, small):
    page, _, _ = opened(show, small, java_script_enabled=False)
    assert page.get_by_text(live.page.FALLBACK).is_visible()


@pytest.mark.parametrize(
    "call, message",
    [
        ("p.kappa = [1]", "the state has 2 numbers, not 1"),
        ("p.kappa = [1, NaN]", "the state must be finite"),
        ("p.dials = [1.5]", "gate is from 0 to 1, not 1.5"),
        ("p.dials = []", "the dials has 1 numbers, not 0"),
        ("p.choice = 'a'", "there are the choices , not a"),
    ],
)
def test_the_console_refuses_what_does_not_fit(show, small, call, message):
    _, element, _ = opened(show, small)
    assert message in element.evaluate(f"p => {{ try {{ {call} }} catch (error) {{ return error.message }} }}")


# ---- what is exported ------------------------------------------------------------------------------------------------


def test_all_that_is_stable_is_in_view(given):
    network, about = given
    model = players.landscape(network, **about).model
    G = Latent(network.cell)
    bases = [*about.get("choices", {}).values()] or [torch.zeros(2)]
    for base in bases:
        values = settings(about["dials"], torch.Generator().manual_seed(1))
        x = base + values[::10] @ torch.stack([dial.direction for dial in about["dials"]])
        κ, _ = latent_run(G, x[:, None].expand(-1, 300, -1))
        low, high = tensor(model["range"]).T
        assert ((κ[:, 200:] > low) & (κ[:, 200:] < high)).all()


def test_repr(metronome):
    player = players.landscape(metronome[0], **metronome[1])
    assert repr(player) == "LandscapePlayer(rank 2, 1024 units, dials: gate, pulse)"


def test_size(metronome):
    assert len(players.landscape(metronome[0], **metronome[1]).html.encode()) < 100_000


def broken():
    network = copy.deepcopy(lowrank(2))
    network.cell.n.data[0, 0] = float("inf")
    return network


def lowrank(rank, **options):
    return Network.from_cell(LowRankRNN(2, 8, rank=rank, generator=torch.Generator().manual_seed(0), **options), 1)


@pytest.mark.parametrize(
    "network, error, message",
    [
        (lambda: Network.from_cell(RateRNN(2, 8), 1), TypeError, "runs LowRankRNN; the network's cell is RateRNN"),
        (lambda: lowrank(3), ValueError, "one or two latent variables; the network's rank is 3"),
        (lambda: lowrank(1, nonlinearity="erf"), ValueError, "LowRankRNN with tanh; .* is 'erf'"),
        (broken, ValueError, "cell.n must be finite"),
    ],
)
def test_networks_that_have_no_landscape_are_refused(network, error, message):
    with pytest.raises(error, match=message):
        players.landscape(network(), dials=[])


@pytest.mark.parametrize(
    "change, message",
    [
        ({"dials": [Dial("a", torch.ones(3), 0.0, 1.0)]}, "the direction of a must be 2 finite numbers"),
        (
            {"dials": [Dial("a", torch.tensor([1.0, torch.nan]), 0.0, 1.0)]},
            "the direction of a must be 2 finite numbers",
        ),
        ({"dials": [Dial("a", torch.ones(2), 0.0, 1.0)] * 2}, "names of their own, got a, a"),
        ({"choices": {"c": torch.ones(1)}}, r"choices\['c'\] must be 2 finite numbers, got \[1.0\]"),
        ({"start": torch.ones(1)}, "start must be 2 finite numbers"),
    ],
)
def test_what_does_not_fit_is_refused(small, change, message):
    network, about = small
    with pytest.raises(ValueError, match=message):
        players.landscape(network, **about | change)


@pytest.mark.parametrize(
    "low, high, value, message",
    [
        (1.0, 1.0, 1.0, "gate: low must be less than high, both finite; got 1.0 and 1.0"),
        (0.0, torch.inf, 0.0, "low must be less than high, both finite"),
        (torch.nan, 1.0, 0.0, "low must be less than high, both finite"),
        (0.5, 1.0, 0.0, "gate: value must be from 0.5 to 1.0, got 0.0"),
    ],
)
def test_dials_of_no_range_are_refused(low, high, value, message):
    with pytest.raises(ValueError, match=message):
        Dial("gate", torch.ones(2), low, high, value)
