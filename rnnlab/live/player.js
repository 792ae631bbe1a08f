/* <rnnlab-player data-model="…">: a recurrent network that runs in the page.
 *
 * The model is the JSON that rnnlab.live.player() writes, which also puts network.js, pictures.js and STYLE, the text
 * of player.css, in front of this file. All stands in a shadow root, where the page's style sheets do not reach.
 *
 * For the console:  p = document.querySelector("rnnlab-player")
 *   p.state            the state, a Float64Array (a copy); assign one to set it
 *   p.output           what the readout makes of it
 *   p.step([0, 1, 0])  one step of the recurrence under an input; without argument, under the one that the buttons hold
 *   p.reset()  p.play()  p.pause()
 */

const DEMO_REST = 24; // steps between two pulses of the demo
const HINTS = {
  one: "Each press is one time step of input.",
  several: "Choose bits, then send them together for one time step.",
  hold: "The chosen input stays on. The picture shows its own fixed points.",
};
const icon = drawing => `<svg viewBox="0 0 16 16" aria-hidden="true">${drawing}</svg>`;
const TEMPLATE = `
<section>
  <p class="title"></p>
  <div class="stage">
    <canvas class="portrait" role="img" tabindex="0" aria-describedby="help"></canvas>
    <p class="now"></p>
  </div>
  <div class="panel">
    <div class="modes" role="group" aria-label="What a press on a bit does">
      <button type="button" value="one">Pulse</button>
      <button type="button" value="several">Several</button>
      <button type="button" value="hold">Hold</button>
    </div>
    <div class="said"><p class="hint"></p><button type="button" class="send">Send</button></div>
    <div class="bits"></div>
    <div class="transport" role="group" aria-label="Time">
      <button type="button" class="play"></button>
      <button type="button" class="step">Step</button>
      <button type="button" class="reset">Reset</button>
      <button type="button" class="demo">Demo</button>
    </div>
    <div class="settings">
      <label>Speed <input class="speed" type="range" min="1" max="30" value="8"></label>
      <label>Start at <select class="start"><option value="">choose a fixed point</option></select></label>
    </div>
  </div>
  <div class="notes">
    <p class="legend">
      <span>${icon('<circle cx="8" cy="8" r="6" fill="var(--stable)"/>')} stable point</span>
      <span>${icon(`<circle cx="8" cy="8" r="6.5" fill="none" stroke="var(--saddle1)" stroke-width="1.5"/>
        <text x="8" y="11.2" text-anchor="middle" font-size="9" fill="var(--saddle1)">1</text>`)}
        saddle, number of unstable directions</span>
      <span>${icon('<path d="M1 12 15 4" stroke="var(--saddle1)" stroke-width="1.5"/>')} unstable manifold</span>
      <span>${icon(`<path d="M1 13 8 5" stroke="var(--trajectory)" stroke-width="2"/>
        <circle cx="10" cy="4" r="4" fill="var(--trajectory)"/>`)} state</span>
      <span>${icon('<path d="M1 11Q7 2 15 6" fill="none" stroke="var(--flow)" stroke-width="1.5"/>')} flow</span>
    </p>
    <p class="hint" id="help"></p>
  </div>
  <p class="caption"></p>
  <p class="spoken" aria-live="polite"></p>
</section>`;
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

const signed = (value, digits = 0) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(digits);
const tuple = input => `(${Array.from(input, value => (value ? signed(value) : "0")).join(", ")})`;
const signs = output => Array.from(output, value => (value < 0 ? "−" : "+")).join("");
const count = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

/* Write only what changes: a live region speaks, and a page is laid out, at each write. */
const write = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

/* An element from its tag, properties (or attributes) and children. */
const make = (tag, properties, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    name in element ? (element[name] = value) : element.setAttribute(name, value);
  element.append(...children);
  return element;
};

const numbers = (values, size, name) => {
  const array = Float64Array.from(values);
  if (array.length !== size) throw new RangeError(`the ${name} has ${size} numbers, not ${array.length}`);
  if (!array.every(Number.isFinite)) throw new RangeError(`the ${name} must be finite, not ${array}`);
  return array;
};

/* Red, green and blue, 0 to 255, of any CSS colour. */
const rgb = colour => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return Array.from(pen.getImageData(0, 0, 1, 1).data.slice(0, 3));
};
const lighter = colour => `rgb(${rgb(colour).map(value => Math.round(value + 0.42 * (255 - value)))})`;

class Player extends HTMLElement {
  #model; // the JSON
  #network;
  #portrait;
  #ui = {}; // elements by class
  #state;
  #past = []; // {point, input, output, asked} of the last steps, the present at the end
  #asked; // what the task asks of each output: its bit's last pulse, 0 before the first
  #mode = "one"; // what a press does: one | several | hold
  #chosen; // per channel the chosen button's index, or null
  #pending = null; // an input for the next step alone
  #demo = null; // steps of the demo so far
  #playing = false;
  #visible = false;
  #phase = 1; // the part of the last step that is drawn so far
  #clock = 0; // steps played, in fractions
  #time = 0; // of the last frame, in ms
  #frame = 0;
  #colours;
  #watchers = [];

  connectedCallback() {
    const first = !this.#model;
    if (first) this.#build();
    const seen = new IntersectionObserver(entries => {
      this.#visible = entries.at(-1).isIntersecting;
      this.#draw();
    });
    seen.observe(this.#ui.portrait);
    const sized = new ResizeObserver(() => this.#draw());
    sized.observe(this.#ui.portrait);
    // What sites and JupyterLab switch between light and dark; which it is, the colour of the text tells.
    const themed = new MutationObserver(() => this.#draw());
    for (const root of [document.documentElement, document.body])
      themed.observe(root, { attributeFilter: ["class", "style", "data-theme", "data-jp-theme-light"] });
    this.#watchers = [seen, sized, themed];
    if (first && !reducedMotion.matches) this.#model.script.length ? this.#startDemo() : this.play();
  }

  disconnectedCallback() {
    this.#watchers.forEach(watcher => watcher.disconnect());
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  // ---- the network's time ------------------------------------------------------------------------------------------

  get state() {
    return this.#state.slice();
  }

  set state(state) {
    this.#place(numbers(state, this.#network.size, "state"));
  }

  get output() {
    return this.#network.read(this.#state);
  }

  step(input = this.#input()) {
    input = Array.from(numbers(input, this.#model.rest.length, "input"));
    this.#pending = null;
    this.#state = this.#network.at(input)(this.#state);
    this.#asked = this.#asked.map((bit, k) => input[k] || bit);
    this.#phase = 1;
    this.#record(input);
    return this.state;
  }

  reset() {
    this.#pending = null;
    this.#place(new Float64Array(this.#network.size));
  }

  play() {
    this.#playing = true;
    this.#phase = 1;
    this.#draw();
  }

  pause() {
    this.#playing = false;
    this.#phase = 1;
    this.#draw();
  }

  /* Put the network into a state. A memory is what it was asked for; other states are asked for nothing. */
  #place(state, isMemory = false) {
    this.#state = state;
    this.#asked = Array.from(this.output, value => (isMemory ? Math.sign(value) : 0));
    this.#past = [];
    this.#record(this.#model.rest);
  }

  #record(input) {
    const { output } = this;
    this.#past.push({ point: this.#portrait.coordinates(this.#state), input, output, asked: this.#asked });
    if (this.#past.length > TRACE) this.#past.shift();
    write(this.#ui.spoken, `Output ${signs(output)}`);
    this.#draw();
  }

  /* The input of the next step. */
  #input() {
    return this.#pending ?? (this.#mode === "hold" ? this.#choice() : this.#model.rest);
  }

  /* The sum of the chosen buttons' inputs. */
  #choice() {
    const parts = this.#chosen.flatMap((index, channel) =>
      index === null ? [] : [this.#model.channels[channel].buttons[index].input]);
    return this.#model.rest.map((value, i) => parts.reduce((sum, part) => sum + part[i], value));
  }

  /* One step under an input: when playing the next one, when paused this one. */
  #pulse(input) {
    if (this.#playing) [this.#pending, this.#phase] = [input, 1];
    else this.step(input);
  }

  #tick() {
    if (this.#demo !== null) {
      const { script } = this.#model;
      if (++this.#demo % DEMO_REST === 0) this.#pending = script[(this.#demo / DEMO_REST - 1) % script.length];
    }
    this.step();
  }

  // ---- what the reader does ----------------------------------------------------------------------------------------

  #press(channel, index) {
    this.#demo = null;
    if (this.#mode === "one") this.#pulse(this.#model.channels[channel].buttons[index].input);
    else this.#chosen[channel] = this.#chosen[channel] === index ? null : index;
    this.#draw();
  }

  #setMode(mode) {
    this.#mode = mode;
    this.#demo = null;
    this.#release();
  }

  #release() {
    this.#chosen = this.#model.channels.map(() => null);
    this.#draw();
  }

  #startDemo() {
    this.#setMode("one");
    this.#demo = DEMO_REST / 2;
    this.reset();
    this.play();
  }

  /* Start at a fixed point of the resting network; if it is unstable a little beside it, so that one sees it fall. */
  #start(index) {
    this.#demo = null;
    const { starts, rest } = this.#portrait;
    const noise = rest.unstable[index] ? 1e-3 : 0;
    this.#place(starts[index].map(value => value + noise * (2 * Math.random() - 1)), !noise);
  }

  #rotate(yaw, pitch) {
    this.#portrait.rotate(yaw, pitch);
    this.#draw();
  }

  // ---- building ----------------------------------------------------------------------------------------------------

  #build() {
    const model = (this.#model = JSON.parse(this.dataset.model));
    const ui = this.#ui;
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = TEMPLATE;
    root.prepend(make("style", { textContent: STYLE }));
    for (const element of root.querySelectorAll("[class]")) ui[element.className] ??= element;
    this.#network = new Network(model.network);
    this.#portrait = new Portrait(ui.portrait, model, this.#network);
    this.#chosen = model.channels.map(() => null);

    root.querySelector("section").ariaLabel = model.title || "Live network";
    ui.title.textContent = model.title;
    ui.caption.textContent = model.caption;
    ui.help = root.getElementById("help");
    ui.help.textContent = "Press a fixed point to start there.";
    if (this.#portrait.turns) ui.help.prepend("Drag to turn the picture, or focus it and use the arrow keys. ");
    ui.portrait.classList.toggle("turns", this.#portrait.turns);

    ui.channels = model.channels.map(({ name, buttons }, channel) =>
      buttons.map(({ label }, index) => {
        const onclick = () => this.#press(channel, index);
        return make("button", { type: "button", textContent: label, ariaLabel: `${name}: ${label}`, onclick });
      }));
    ui.readings = model.channels.map(() => ({
      trace: make("canvas", { className: "trace", ariaHidden: "true" }),
      value: make("span", { className: "value" }),
      wish: make("span", { className: "wish" }),
    }));
    ui.bits.append(...ui.readings.map(({ trace, value, wish }, k) =>
      make("div", { className: "bit", role: "group", ariaLabel: model.channels[k].name },
        make("span", { textContent: model.channels[k].name }), ...ui.channels[k], trace,
        make("span", { className: "reading" }, value, wish))));

    const { unstable, labels } = this.#portrait.rest;
    const order = [...unstable.keys()].sort((i, j) => unstable[i] - unstable[j] || (labels[i] < labels[j] ? 1 : -1));
    ui.start.append(...order.map(value => make("option", { value, textContent: unstable[value]
      ? `saddle, ${count(unstable[value], "unstable direction")}` : `stable ${labels[value]}` })));

    ui.modes.onclick = ({ target }) => target.value && this.#setMode(target.value);
    ui.send.onclick = () => {
      this.#pulse(this.#choice());
      this.#release();
    };
    ui.play.onclick = () => (this.#playing ? this.pause() : this.play());
    ui.step.onclick = () => {
      this.pause();
      this.#tick();
    };
    ui.reset.onclick = () => {
      this.#demo = null;
      this.reset();
    };
    ui.demo.hidden = !model.script.length;
    ui.demo.onclick = () => (this.#demo === null ? this.#startDemo() : this.#setMode("one"));
    ui.start.onchange = () => {
      this.#start(Number(ui.start.value));
      ui.start.value = "";
    };
    this.#listenToPicture();
    this.reset();
  }

  #listenToPicture() {
    const picture = this.#ui.portrait;
    let last = null;
    let moved = 0;
    picture.onpointerdown = event => {
      last = [event.clientX, event.clientY];
      moved = 0;
      picture.setPointerCapture(event.pointerId);
    };
    picture.onpointermove = event => {
      if (!last) return;
      const [dx, dy] = [event.clientX - last[0], event.clientY - last[1]];
      last = [event.clientX, event.clientY];
      moved += Math.abs(dx) + Math.abs(dy);
      if (this.#portrait.turns && moved > 4) this.#rotate(dx / 120, dy / 120);
    };
    picture.onpointerup = event => {
      const index = last && moved <= 4 ? this.#portrait.nearest(event.offsetX, event.offsetY) : -1;
      if (index >= 0) this.#start(index);
      last = null;
    };
    picture.onpointercancel = () => (last = null);
    const arrows = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] };
    picture.onkeydown = event => {
      if (!this.#portrait.turns || !arrows[event.key]) return;
      event.preventDefault();
      this.#rotate(...arrows[event.key]);
    };
  }

  // ---- drawing -----------------------------------------------------------------------------------------------------

  #draw() {
    this.#frame ||= requestAnimationFrame(time => this.#paint(time));
  }

  #paint(time) {
    this.#frame = 0;
    const running = this.#playing && this.#visible;
    if (running) this.#advance((time - this.#time) / 1000);
    this.#time = time;
    this.#restyle();
    const input = this.#mode === "hold" ? this.#choice() : this.#past.at(-1).input;
    this.#paintControls(input);
    const clock = reducedMotion.matches ? null : this.#clock;
    const picture = { past: this.#past, phase: this.#phase, input, clock, colours: this.#colours };
    const unfinished = this.#portrait.paint(picture);
    this.#ui.readings.forEach(({ trace }, k) => paintTrace(trace, this.#past, k, this.#colours));
    if (running || unfinished) this.#draw();
  }

  #advance(seconds) {
    // A slow frame delays the network; it does not make it jump.
    const steps = Math.min(seconds, 0.1) * Number(this.#ui.speed.value);
    this.#clock += steps;
    let phase = this.#phase + steps;
    for (; phase >= 1; phase--) this.#tick();
    this.#phase = phase;
  }

  /* Colours for the page's theme. */
  #restyle() {
    const text = getComputedStyle(this).color;
    if (text === this.#colours?.text) return;
    const dark = rgb(text).reduce((sum, value) => sum + value) > 382;
    this.#colours = { text, halo: dark ? "#121212" : "#ffffff" };
    for (const [name, colour] of Object.entries(this.#model.colours)) {
      this.#colours[name] = dark ? lighter(colour) : colour;
      this.style.setProperty(`--${name}`, this.#colours[name]);
    }
  }

  #paintControls(input) {
    const ui = this.#ui;
    const { output, asked } = this.#past.at(-1);
    write(ui.play, this.#playing ? "Pause" : "Play");
    write(ui.hint, HINTS[this.#mode]);
    ui.demo.ariaPressed = this.#demo !== null;
    for (const button of ui.modes.children) button.ariaPressed = button.value === this.#mode;
    ui.send.hidden = this.#mode !== "several";
    ui.send.disabled = this.#chosen.every(index => index === null);
    ui.channels.forEach((buttons, channel) =>
      buttons.forEach((button, index) => {
        const part = this.#model.channels[channel].buttons[index].input;
        button.classList.toggle("lit", part.every((value, i) => !value || value === input[i]));
        button.ariaPressed = this.#mode === "one" ? null : this.#chosen[channel] === index;
      })
    );
    ui.readings.forEach(({ value, wish }, k) => {
      const met = Math.abs(output[k] - asked[k]) < 0.5;
      write(value, signed(output[k], 2));
      write(wish, asked[k] ? `asked ${signed(asked[k])} ${met ? "✓" : "…"}` : "asked –");
    });
    const shown = this.#portrait.under(input);
    const stable = shown?.unstable.filter(directions => !directions).length;
    const known = shown && `${count(shown.unstable.length, "fixed point")}, ${stable} stable`;
    write(ui.now, `input ${tuple(input)}: ${known ?? "fixed points not computed"}`);
    const label = `Phase portrait in the space of the first principal components, ${ui.now.textContent}.`;
    if (ui.portrait.ariaLabel !== label) ui.portrait.ariaLabel = label;
  }
}

customElements.define("rnnlab-player", Player);
