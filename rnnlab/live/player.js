/* <rnnlab-player data-model="…">: a recurrent network that runs in the page.
 *
 * The model is the JSON that rnnlab.live.player() writes. STYLE, the text of player.css, is put in front of this file there.
 * Everything lives in a shadow root, so that neither the page's style sheets nor its scripts reach in.
 *
 * For the console:  p = document.querySelector("rnnlab-player")
 *   p.state            the state, a Float64Array (a copy); assign one to set it
 *   p.output           what the readout makes of it
 *   p.step([0, 1, 0])  one step of the recurrence under an input; without argument, under the one chosen by the buttons
 *   p.reset()  p.play()  p.pause()
 */

const TRAIL = 60; // steps of the trajectory kept in view
const TRACE = 100; // steps shown in a time course
const STREAMS = 48; // flow lines of a portrait
const STREAM_STEPS = 40;
const DEMO_REST = 24; // steps between two pulses of the demo
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

// ---- the network ---------------------------------------------------------------------------------------------------

const sigmoid = a => 1 / (1 + Math.exp(-a));

/* (M v)_row for a row-major matrix M. */
const dot = (M, row, v) => {
  let sum = 0;
  for (let j = 0, k = row * v.length; j < v.length; j++, k++) sum += M[k] * v[j];
  return sum;
};

const affine = (M, v, b) => b.map((bias, i) => bias + dot(M, i, v));

/* The recurrences (a, U, h) → h′ with a = W x + b; `pre(k, i)` is unit i's pre-activation at gate k. */
const CELLS = {
  GRU(a, U, h) {
    const n = h.length;
    const pre = (k, i, v) => a[k * n + i] + dot(U, k * n + i, v);
    const rh = h.map((hi, i) => sigmoid(pre(1, i, h)) * hi);
    return h.map((hi, i) => {
      const z = sigmoid(pre(0, i, h));
      return (1 - z) * hi + z * Math.tanh(pre(2, i, rh));
    });
  },
  LSTM(a, U, state) {
    const n = state.length / 2;
    const h = state.subarray(0, n);
    const pre = (k, i) => a[k * n + i] + dot(U, k * n + i, h);
    const next = new Float64Array(2 * n);
    for (let i = 0; i < n; i++) {
      next[n + i] = sigmoid(pre(1, i)) * state[n + i] + sigmoid(pre(0, i)) * Math.tanh(pre(2, i));
      next[i] = sigmoid(pre(3, i)) * Math.tanh(next[n + i]);
    }
    return next;
  },
  UGRNN(a, U, h) {
    const n = h.length;
    const pre = (k, i) => a[k * n + i] + dot(U, k * n + i, h);
    return h.map((hi, i) => {
      const g = sigmoid(pre(0, i));
      return g * hi + (1 - g) * Math.tanh(pre(1, i));
    });
  },
  VanillaRNN: (a, U, h) => h.map((_, i) => Math.tanh(a[i] + dot(U, i, h))),
};

/* Base64 of little-endian floats, tagged by their type, to doubles. */
const decode = ({ f4, f8 }) => {
  const bytes = Uint8Array.from(atob(f4 ?? f8), c => c.charCodeAt(0)).buffer;
  return Float64Array.from(f4 === undefined ? new Float64Array(bytes) : new Float32Array(bytes));
};

const rows = (flat, width) =>
  Array.from({ length: flat.length / width }, (_, i) => flat.subarray(i * width, (i + 1) * width));

class Network {
  constructor({ cell, units, state_size, W, U, b, readout_weight, readout_bias }) {
    Object.assign(this, { units, size: state_size, next: CELLS[cell] });
    [this.W, this.U, this.b, this.R, this.c] = [W, U, b, readout_weight, readout_bias].map(decode);
  }
  /* The map h → h′ under a constant input. */
  at(input) {
    const a = affine(this.W, input, this.b);
    return h => this.next(a, this.U, h);
  }
  read(state) {
    return affine(this.R, state.subarray(0, this.units), this.c);
  }
}

// ---- small helpers ---------------------------------------------------------------------------------------------------

/* Repeatable uniform numbers in (0, 1): the picture is the same each time (mulberry32). */
const uniform = seed => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
};

const signed = (value, digits = 0) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(digits);
const tuple = input => `(${Array.from(input, v => (v ? signed(v) : "0")).join(", ")})`;
const signs = output => Array.from(output, v => (v < 0 ? "−" : "+")).join("");
const distance = (p, q) => Math.hypot(...p.map((value, i) => value - q[i]));
const count = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

/* An element from its tag, properties (or aria-… attributes) and children. */
const make = (tag, properties = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    name in element ? (element[name] = value) : element.setAttribute(name, value);
  element.append(...children);
  return element;
};

const rgb = colour => colour.match(/[\da-f]{2}/gi).map(pair => parseInt(pair, 16));
const lighten = colour => `rgb(${rgb(colour).map(v => Math.round(v + 0.42 * (255 - v)))})`;

/* A canvas context in CSS pixels, cleared, at the resolution of the screen. */
const sheet = canvas => {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  pen.lineJoin = pen.lineCap = "round";
  return { pen, width, height };
};

// ---- the player ----------------------------------------------------------------------------------------------------

class Player extends HTMLElement {
  #model; // the decoded JSON
  #network;
  #state;
  #past = []; // for the pictures: {point, input, output, asked} per step, the present last
  #asked; // what the task asks of each output: its bit's last pulse, 0 before the first
  #mode = "one"; // what a press does: one | several | hold
  #chosen; // per channel the chosen button's index, or null
  #pending = null; // an input for the next step alone
  #demo = null; // steps since the demo began
  #playing = false;
  #visible = false;
  #phase = 1; // the part of the last step that is drawn so far
  #turn; // yaw and pitch of the view
  #handled = false; // the reader has turned the view: it no longer sways
  #flows = new Map(); // input → flow lines
  #colours;
  #frame = 0;
  #time = 0;
  #watchers = [];
  #ui = {};

  connectedCallback() {
    const first = !this.#model;
    if (first) this.#build();
    const seen = new IntersectionObserver(([entry]) => {
      this.#visible = entry.isIntersecting;
      this.#draw();
    });
    seen.observe(this.#ui.portrait);
    const sized = new ResizeObserver(() => this.#draw());
    sized.observe(this.#ui.portrait);
    // What sites and JupyterLab switch between light and dark; what to draw then is told by the colour of the text.
    const themed = new MutationObserver(() => this.#draw());
    for (const root of [document.documentElement, document.body])
      themed.observe(root, { attributeFilter: ["class", "style", "data-theme", "data-jp-theme-light"] });
    this.#watchers = [seen, sized, themed];
    if (first && !reducedMotion.matches) this.#model.script ? this.#startDemo() : this.play();
  }

  disconnectedCallback() {
    this.#watchers.forEach(watcher => watcher.disconnect());
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  // -- the network's time ------------------------------------------------------------------------------------------

  get state() {
    return this.#state.slice();
  }

  set state(state) {
    this.#place(Float64Array.from(state));
  }

  get output() {
    return this.#network.read(this.#state);
  }

  step(input = this.#input()) {
    this.#pending = null;
    this.#state = this.#network.at(input)(this.#state);
    this.#asked = this.#asked.map((bit, k) => input[k] || bit);
    this.#record(input);
    this.#phase = 1;
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

  /* Put the network into a state. A stable point is taken to be asked for: it is a memory; other states ask for nothing. */
  #place(state, memory = false) {
    if (state.length !== this.#network.size)
      throw new RangeError(`the state has ${this.#network.size} numbers, not ${state.length}`);
    this.#state = state;
    this.#asked = Array.from(this.output, value => (memory ? Math.sign(value) : 0));
    this.#past = [];
    this.#record(this.#model.rest);
  }

  #record(input) {
    const { output } = this;
    this.#past.push({ point: this.#coordinates(this.#state), input: Array.from(input), output, asked: this.#asked });
    this.#past.splice(0, this.#past.length - TRACE);
    const spoken = `Output ${signs(output)}`;
    if (this.#ui.spoken.textContent !== spoken) this.#ui.spoken.textContent = spoken;
    this.#draw();
  }

  /* The input of the next step. */
  #input() {
    return this.#pending ?? (this.#mode === "hold" ? this.#choice() : this.#model.rest);
  }

  #choice() {
    const input = this.#model.rest.slice();
    this.#chosen.forEach((index, channel) => {
      if (index !== null) this.#model.channels[channel].buttons[index].input.forEach((value, i) => (input[i] += value));
    });
    return input;
  }

  #pulse(input) {
    this.#pending = input;
    this.play();
  }

  #startDemo() {
    this.#demo = 0;
    this.#mode = "one";
    this.#choose();
    this.reset();
    this.play();
  }

  #stopDemo() {
    this.#demo = null;
    this.#draw();
  }

  #tick() {
    if (this.#demo !== null) {
      const { script } = this.#model;
      if (++this.#demo % DEMO_REST === 0) this.#pending = script[(this.#demo / DEMO_REST - 1) % script.length];
    }
    this.step();
  }

  // -- what the reader does ------------------------------------------------------------------------------------------

  #press(channel, index) {
    this.#demo = null;
    const { input } = this.#model.channels[channel].buttons[index];
    if (this.#mode === "one") return this.#pulse(input);
    this.#chosen[channel] = this.#chosen[channel] === index ? null : index;
    if (this.#mode === "hold") this.play();
    this.#draw();
  }

  /* Forget what was chosen. */
  #choose() {
    this.#chosen = this.#model.channels.map(() => null);
    this.#draw();
  }

  #rotate(yaw, pitch) {
    this.#handled = true;
    this.#turn = [this.#turn[0] + yaw, Math.max(-1.5, Math.min(1.5, this.#turn[1] + pitch))];
    this.#draw();
  }

  /* Start at the index-th fixed point of the resting network; beside it, where it is unstable, so that one sees it fall. */
  #start(index) {
    const { states, unstable } = this.#model.starts;
    this.#demo = null;
    const noise = unstable[index] ? 1e-3 : 0;
    this.#place(states[index].map(value => value + noise * (2 * Math.random() - 1)), !noise);
  }

  #pointer() {
    const { portrait } = this.#ui;
    let last = null;
    let moved = 0;
    portrait.addEventListener("pointerdown", event => {
      last = [event.clientX, event.clientY];
      moved = 0;
      portrait.setPointerCapture(event.pointerId);
    });
    portrait.addEventListener("pointermove", event => {
      if (!last) return;
      const [dx, dy] = [event.clientX - last[0], event.clientY - last[1]];
      last = [event.clientX, event.clientY];
      moved += Math.abs(dx) + Math.abs(dy);
      if (this.#model.dimension === 3 && moved > 4) this.#rotate(dx / 120, dy / 120);
    });
    portrait.addEventListener("pointerup", event => {
      if (last && moved <= 4) this.#pick(event.offsetX, event.offsetY);
      last = null;
    });
    portrait.addEventListener("pointercancel", () => (last = null));
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    portrait.addEventListener("keydown", event => {
      const arrow = this.#model.dimension === 3 && arrows[event.key];
      if (!arrow) return;
      event.preventDefault();
      this.#rotate(0.1 * arrow[0], 0.1 * arrow[1]);
    });
  }

  #pick(x, y) {
    const project = this.#projection();
    const gaps = this.#rest.points.map(point => {
      const at = project(point);
      return Math.hypot(at.x - x, at.y - y);
    });
    const nearest = gaps.indexOf(Math.min(...gaps));
    if (gaps[nearest] < 20) this.#start(nearest);
  }

  // -- building ------------------------------------------------------------------------------------------------------

  #build() {
    const model = (this.#model = JSON.parse(this.dataset.model));
    this.#network = new Network(model.network);
    model.pca.mean = decode(model.pca.mean);
    model.pca.components = rows(decode(model.pca.components), this.#network.size);
    model.starts.states = rows(decode(model.starts.states), this.#network.size);
    for (const portrait of Object.values(model.portraits))
      portrait.points = rows(decode(portrait.points), model.dimension);
    this.#chosen = model.channels.map(() => null);

    const ui = this.#ui;
    const button = (text, action, properties = {}) =>
      make("button", { type: "button", textContent: text, onclick: action, ...properties });

    ui.portrait = make("canvas", { className: "portrait", tabIndex: 0, role: "img", "aria-describedby": "help" });
    ui.portrait.classList.toggle("turns", model.dimension === 3);
    ui.now = make("p", { className: "now" });
    const legend = make("p", { className: "legend" });
    legend.innerHTML =
      '<span><svg viewBox="0 0 16 16"><circle cx="8" cy="8" r="6" fill="var(--stable)"/></svg>stable point</span>' +
      '<span><svg viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.5" fill="none" stroke="var(--saddle)" stroke-width="1.5"/>' +
      '<text x="8" y="11.2" text-anchor="middle" font-size="9" fill="var(--saddle)">1</text></svg>' +
      "saddle, unstable directions</span>" +
      '<span><svg viewBox="0 0 16 16"><path d="M1 13 L8 5" stroke="var(--trajectory)" stroke-width="2"/>' +
      '<circle cx="10" cy="4" r="4" fill="var(--trajectory)"/></svg>state</span>' +
      '<span><svg viewBox="0 0 16 16"><path d="M1 11 Q7 2 15 6" fill="none" stroke="var(--flow)" stroke-width="1.5"/></svg>' +
      "flow</span>";

    const modes = { one: "Pulse", several: "Several", hold: "Hold" };
    const hints = {
      one: "Each press is one time step of input.",
      several: "Choose bits, then send them together for one time step.",
      hold: "The chosen input stays on. The picture shows its own fixed points.",
    };
    ui.modes = Object.entries(modes).map(([mode, name]) =>
      button(name, () => {
        this.#mode = mode;
        ui.hint.textContent = hints[mode];
        ui.send.hidden = mode !== "several";
        this.#demo = null;
        this.#choose();
      }, { value: mode })
    );
    ui.hint = make("p", { className: "hint", textContent: hints.one });
    ui.send = button("Send", () => {
      this.#pulse(this.#choice());
      this.#choose();
    }, { className: "send", hidden: true });

    ui.channels = model.channels.map(({ name, buttons }, channel) =>
      buttons.map(({ label }, index) =>
        button(label, () => this.#press(channel, index), { "aria-label": `${name}: ${label}` })
      )
    );
    ui.traces = model.channels.map(() => make("canvas", { className: "trace", "aria-hidden": "true" }));
    ui.values = model.channels.map(() => make("span", { className: "value" }));
    ui.wishes = model.channels.map(() => make("span", { className: "wish" }));
    const bits = model.channels.map(({ name }, k) =>
      make("div", { className: "bit", role: "group", "aria-label": name },
        make("span", { className: "name", textContent: name }), ...ui.channels[k], ui.traces[k],
        make("span", { className: "reading" }, ui.values[k], ui.wishes[k])));

    ui.play = button("Play", () => (this.#playing ? this.pause() : this.play()), { className: "play" });
    ui.demo = button("Demo", () => (this.#demo === null ? this.#startDemo() : this.#stopDemo()));
    ui.demo.hidden = !model.script;
    const act = action => () => {
      this.#demo = null;
      this.#playing = false;
      action();
    };
    const step = button("Step", act(() => this.step()));
    const reset = button("Reset", act(() => this.reset()), { title: "Back to the zero state" });
    ui.speed = make("input", { type: "range", min: 1, max: 30, value: 8 });
    ui.start = make("select", { onchange: () => {
      this.#start(Number(ui.start.value));
      ui.start.value = "";
    } }, make("option", { value: "", textContent: "choose a fixed point" }));
    model.starts.unstable.forEach((directions, index) => ui.start.append(make("option", { value: index,
      textContent: directions ? `saddle, ${count(directions, "unstable direction")}` : `stable ${this.#rest.labels[index]}` })));
    ui.spoken = make("p", { className: "spoken", "aria-live": "polite" });

    const root = this.attachShadow({ mode: "open" });
    root.append(
      make("style", { textContent: STYLE }),
      make("section", { "aria-label": model.title },
        make("p", { className: "title", textContent: model.title }),
        make("div", { className: "stage" }, ui.portrait, ui.now, legend,
          make("p", { className: "hint", id: "help", textContent: (model.dimension === 3 ?
            "Drag to turn, or focus and use the arrow keys. " : "") + "Press a fixed point to start there." })),
        make("div", { className: "panel" },
          make("div", { className: "modes", role: "group", "aria-label": "What a press on a bit does" }, ...ui.modes, ui.send),
          ui.hint,
          make("div", { className: "bits" }, ...bits),
          make("div", { className: "transport", role: "group", "aria-label": "Time" }, ui.play, step, reset, ui.demo),
          make("div", { className: "settings" },
            make("label", {}, "Speed ", ui.speed),
            make("label", {}, "Start at ", ui.start))),
        make("p", { className: "caption", textContent: model.caption }),
        ui.spoken));
    this.#pointer();
    this.#turn = this.#bestView();
    this.reset();
  }

  get #rest() {
    return this.#model.portraits[this.#model.rest];
  }

  // -- drawing -------------------------------------------------------------------------------------------------------

  #coordinates(state) {
    const { mean, components } = this.#model.pca;
    const offset = state.map((value, i) => value - mean[i]);
    return Float64Array.from(components, component => dot(component, 0, offset));
  }

  /* The view in which the resting network's stable points stand furthest apart. */
  #bestView() {
    const stable = this.#rest.points.filter((_, i) => !this.#rest.unstable[i]);
    let best = { gap: -1 };
    for (let yaw = 0; yaw < Math.PI; yaw += Math.PI / 24)
      for (let pitch = -0.9; pitch <= 0.9; pitch += 0.15) {
        const at = stable.map(point => turned(point, yaw, pitch));
        const gap = Math.min(...at.flatMap((p, i) => at.slice(0, i).map(q => Math.hypot(p[0] - q[0], p[1] - q[1]))));
        if (gap > best.gap) best = { gap, view: [yaw, pitch] };
      }
    return best.view;
  }

  #projection() {
  }

  #draw() {
    this.#frame ||= requestAnimationFrame(time => this.#paint(time));
  }
}

customElements.define("rnnlab-player", Player);
