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
const WAY_STEPS = 200; // from a saddle down to a stable point
const DEMO_REST = 24; // steps between two pulses of the demo
const HINTS = {
  one: "Each press is one time step of input.",
  several: "Choose bits, then send them together for one time step.",
  hold: "The chosen input stays on. The picture shows its own fixed points.",
};
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

/* The recurrences (a, weights, h) → h′ with a = W x + b; `pre(k, i)` is the argument of unit i's gate k. */
const CELLS = {
  GRU(a, { U }, h) {
    const n = h.length;
    const pre = (k, i, v) => a[k * n + i] + dot(U, k * n + i, v);
    const rh = h.map((hi, i) => sigmoid(pre(1, i, h)) * hi);
    return h.map((hi, i) => hi + sigmoid(pre(0, i, h)) * (Math.tanh(pre(2, i, rh)) - hi));
  },
  GRUResetAfter(a, { U, c }, h) {
    const n = h.length;
    const pre = (k, i) => a[k * n + i] + dot(U, k * n + i, h);
    return h.map((hi, i) => {
      const candidate = Math.tanh(a[2 * n + i] + sigmoid(pre(1, i)) * (dot(U, 2 * n + i, h) + c[i]));
      return hi + sigmoid(pre(0, i)) * (candidate - hi);
    });
  },
  LSTM(a, { U }, state) {
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
  UGRNN(a, { U }, h) {
    const n = h.length;
    const pre = (k, i) => a[k * n + i] + dot(U, k * n + i, h);
    return h.map((hi, i) => {
      const c = Math.tanh(pre(1, i));
      return c + sigmoid(pre(0, i)) * (hi - c);
    });
  },
  VanillaRNN: (a, { U }, h) => h.map((_, i) => Math.tanh(a[i] + dot(U, i, h))),
};

/* Base64 of little-endian floats, tagged by their type, to doubles. */
const decode = ({ f4, f8 }) => {
  const bytes = Uint8Array.from(atob(f4 ?? f8), c => c.charCodeAt(0)).buffer;
  return Float64Array.from(f4 === undefined ? new Float64Array(bytes) : new Float32Array(bytes));
};

const rows = (flat, width) =>
  Array.from({ length: flat.length / width }, (_, i) => flat.subarray(i * width, (i + 1) * width));

const decodeAll = arrays => Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, decode(array)]));

class Network {
  constructor({ cell, units, size, weights, readout }) {
    Object.assign(this, { units, size, next: CELLS[cell], weights: decodeAll(weights), readout: decodeAll(readout) });
  }
  /* The map h → h′ under a constant input. */
  at(input) {
    const a = affine(this.weights.W, input, this.weights.b);
    return h => this.next(a, this.weights, h);
  }
  read(state) {
    return affine(this.readout.V, state.subarray(0, this.units), this.readout.c);
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

/* A point (x, y, z) turned by yaw about the y axis, then by pitch about the x axis: right, up, toward the reader. */
const turned = ([x, y, z = 0], [yaw, pitch]) => {
  const toward = z * Math.cos(yaw) - x * Math.sin(yaw);
  return [
    x * Math.cos(yaw) + z * Math.sin(yaw),
    y * Math.cos(pitch) - toward * Math.sin(pitch),
    y * Math.sin(pitch) + toward * Math.cos(pitch),
  ];
};

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
  #demo = null; // steps of the demo so far
  #playing = false;
  #visible = false;
  #phase = 1; // the part of the last step that is drawn so far
  #centre; // of the picture, in PCA space
  #radius = 0; // of what it shows
  #turn; // yaw and pitch of the view
  #clock = 0; // network steps played, in fractions
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
    if (first && !reducedMotion.matches) this.#model.script.length ? this.#startDemo() : this.play();
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

  /* One step under an input: the next one, or, when paused, this one. */
  #pulse(input) {
    if (this.#playing) [this.#pending, this.#phase] = [input, 1];
    else this.step(input);
  }

  #startDemo() {
    this.#demo = DEMO_REST / 2;
    this.#setMode("one");
    this.reset();
    this.play();
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
    this.#draw();
  }

  /* The input whose picture is shown: the one held, or that of the last step. */
  get #shown() {
    return this.#mode === "hold" ? this.#choice() : this.#past.at(-1).input;
  }

  #setMode(mode) {
    this.#mode = mode;
    this.#ui.hint.textContent = HINTS[mode];
    this.#ui.send.hidden = mode !== "several";
    this.#release();
  }

  /* Forget what was chosen. */
  #release() {
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
    this.#demo = null;
    const noise = this.#rest.unstable[index] ? 1e-3 : 0;
    this.#place(this.#model.starts[index].map(value => value + noise * (2 * Math.random() - 1)), !noise);
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
    model.starts = rows(decode(model.starts), this.#network.size);
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
      "saddle, number of unstable directions</span>" +
      '<span><svg viewBox="0 0 16 16"><path d="M1 12 L15 4" stroke="var(--saddle)" stroke-width="1.5"/></svg>' +
      "unstable manifold</span>" +
      '<span><svg viewBox="0 0 16 16"><path d="M1 13 L8 5" stroke="var(--trajectory)" stroke-width="2"/>' +
      '<circle cx="10" cy="4" r="4" fill="var(--trajectory)"/></svg>state</span>' +
      '<span><svg viewBox="0 0 16 16"><path d="M1 11 Q7 2 15 6" fill="none" stroke="var(--flow)" stroke-width="1.5"/></svg>' +
      "flow</span>";

    const modes = { one: "Pulse", several: "Several", hold: "Hold" };
    ui.modes = Object.entries(modes).map(([mode, name]) =>
      button(name, () => {
        this.#demo = null;
        this.#setMode(mode);
      }, { value: mode })
    );
    ui.hint = make("p", { className: "hint", textContent: HINTS.one });
    ui.send = button("Send", () => {
      this.#pulse(this.#choice());
      this.#release();
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
    ui.demo = button("Demo", () => {
      if (this.#demo === null) return this.#startDemo();
      this.#demo = null;
      this.#draw();
    });
    ui.demo.hidden = !model.script.length;
    const step = button("Step", () => {
      this.pause();
      this.#tick();
    });
    const reset = button("Reset", () => {
      this.#demo = null;
      this.reset();
    }, { title: "Back to the zero state" });
    ui.speed = make("input", { type: "range", min: 1, max: 30, value: 8, "aria-label": "Speed, steps per second" });
    ui.start = make("select", { onchange: () => {
      this.#start(Number(ui.start.value));
      ui.start.value = "";
    } }, make("option", { value: "", textContent: "choose a fixed point" }));
    this.#rest.unstable.forEach((directions, index) => {
      const name = directions ? `saddle, ${count(directions, "unstable direction")}` : `stable ${this.#rest.labels[index]}`;
      ui.start.append(make("option", { value: index, textContent: name }));
    });
    ui.spoken = make("p", { className: "spoken", "aria-live": "polite" });

    const turns = "Drag to turn the picture, or focus it and use the arrow keys. ";
    const help = (model.dimension === 3 ? turns : "") + "Press a fixed point to start there.";
    const root = this.attachShadow({ mode: "open" });
    root.append(
      make("style", { textContent: STYLE }),
      make("section", { "aria-label": model.title || "Live network" },
        make("p", { className: "title", textContent: model.title }),
        make("div", { className: "stage" }, ui.portrait, ui.now),
        make("div", { className: "panel" },
          make("div", { className: "modes", role: "group", "aria-label": "What a press on a bit does" }, ...ui.modes),
          make("div", { className: "said" }, ui.hint, ui.send),
          make("div", { className: "bits" }, ...bits),
          make("div", { className: "transport", role: "group", "aria-label": "Time" }, ui.play, step, reset, ui.demo),
          make("div", { className: "settings" },
            make("label", {}, "Speed ", ui.speed),
            make("label", {}, "Start at ", ui.start))),
        make("div", { className: "notes" }, legend, make("p", { className: "hint", id: "help", textContent: help })),
        make("p", { className: "caption", textContent: model.caption }),
        ui.spoken));
    this.#pointer();
    this.#fit();
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

  /* The picture's centre, and the view in which the resting network's stable points stand furthest apart. */
  #fit() {
    const corners = this.#stable(this.#rest);
    this.#centre = corners[0].map((_, k) => corners.reduce((sum, point) => sum + point[k], 0) / corners.length);
    this.#turn = [0, 0];
    if (this.#model.dimension === 2) return;
    let widest = -1;
    for (let yaw = 0; yaw < Math.PI; yaw += Math.PI / 24)
      for (let pitch = -0.9; pitch <= 0.9; pitch += 0.15) {
        const at = corners.map(point => turned(point, [yaw, pitch]));
        const gap = Math.min(...at.flatMap((p, i) => at.slice(0, i).map(q => Math.hypot(p[0] - q[0], p[1] - q[1]))));
        if (gap > widest) [widest, this.#turn] = [gap, [yaw, pitch]];
      }
  }

  #stable({ points, unstable }) {
    return points.filter((_, i) => !unstable[i]);
  }

  get #view() {
    const sways = this.#model.dimension === 3 && !this.#handled;
    return [this.#turn[0] + (sways ? 0.25 * Math.sin(this.#clock / 20) : 0), this.#turn[1]];
  }

  /* Make room for the shown stable points, smoothly; those of a single step's input are not worth the unrest. */
  #zoom() {
    const held = this.#past.slice(-2).every(({ input }) => input.join() === this.#shown.join());
    const shown = held ? this.#model.portraits[this.#shown] : null;
    const points = [this.#rest, ...(shown ? [shown] : [])].flatMap(portrait => this.#stable(portrait));
    const target = 1.1 * Math.max(...points.map(point => distance(point, this.#centre))) || 1;
    const still = !this.#radius || reducedMotion.matches || Math.abs(target - this.#radius) < 1e-3 * target;
    this.#radius = still ? target : this.#radius + 0.12 * (target - this.#radius);
    if (!still) this.#draw();
  }

  /* Points of PCA space to {x, y, size, toward}: pixels, magnification, and height above the page. */
  #projection() {
    const { clientWidth, clientHeight } = this.#ui.portrait;
    const scale = (0.42 * Math.min(clientWidth, clientHeight)) / this.#radius;
    const view = this.#view;
    return point => {
      const [right, up, toward] = turned(point.map((value, k) => (value - this.#centre[k])), view);
      const size = 1 / (1 - (0.25 * toward) / this.#radius);
      return {
        x: clientWidth / 2 + scale * size * right,
        y: clientHeight / 2 - scale * size * up,
        toward: toward / this.#radius,
        size,
      };
    };
  }

  /* The orbit from a state, projected, until its steps are as short as `still`. */
  #orbit(next, state, steps, still) {
    const line = [this.#coordinates(state)];
    do {
      state = next(state);
      line.push(this.#coordinates(state));
    } while (line.length < steps && distance(line.at(-1), line.at(-2)) > still);
    return line;
  }

  /* Under an input: flow lines from mixtures of the resting network's fixed points, which lie where the network lives;
     for the resting network also the two ways down from each saddle with one unstable direction.
     A few more at each call, so that no frame waits for them. */
  #flow(input) {
    const states = this.#model.starts;
    const key = input.join();
    if (!this.#flows.has(key)) {
      const saddles = states.filter((_, i) => key === this.#model.rest.join() && this.#rest.unstable[i] === 1);
      this.#flows.set(key, { lines: [], ways: [], saddles, random: uniform(1) });
    }
    const flow = this.#flows.get(key);
    const { lines, ways, saddles, random } = flow;
    const next = this.#network.at(input);
    for (const deadline = performance.now() + 6; performance.now() < deadline; ) {
      if (saddles.length) {
        // Any push has a part along the unstable direction, which alone survives; the opposite push goes the other way.
        const saddle = saddles.pop();
        const push = saddle.map(() => 0.02 * (random() - 0.5));
        for (const sign of [1, -1])
          ways.push(this.#orbit(next, saddle.map((value, i) => value + sign * push[i]), WAY_STEPS, 0));
      } else if (lines.length < STREAMS) {
        const weights = states.map(() => (-Math.log(random())) ** 3);
        const total = weights.reduce((sum, weight) => sum + weight);
        const mixture = states[0].map((_, i) => states.reduce((sum, state, k) => sum + (weights[k] / total) * state[i], 0));
        lines.push(this.#orbit(next, mixture, STREAM_STEPS, 0.002 * this.#radius));
      } else break;
    }
    if (lines.length < STREAMS) this.#draw();
    return flow;
  }

  #draw() {
    this.#frame ||= requestAnimationFrame(time => this.#paint(time));
  }

  #paint(time) {
    this.#frame = 0;
    const running = this.#playing && this.#visible;
    if (running) {
      // A slow frame delays the network; it does not make it jump.
      const steps = (Math.min(time - this.#time, 100) / 1000) * Number(this.#ui.speed.value);
      if (!reducedMotion.matches) this.#clock += steps;
      this.#phase += steps;
      while (this.#phase >= 1) {
        const left = this.#phase - 1;
        this.#tick();
        this.#phase = left;
      }
    }
    this.#time = time;
    this.#restyle();
    this.#zoom();
    this.#paintControls();
    this.#paintPortrait();
    this.#ui.traces.forEach((trace, k) => this.#paintTrace(trace, k));
    if (running) this.#draw();
  }

  /* Colours for the page's theme, which shows in the colour of its text. */
  #restyle() {
    const text = getComputedStyle(this).color;
    if (text === this.#colours?.text) return;
    const [r, g, b] = text.match(/[\d.]+/g).map(Number);
    const dark = r + g + b > 382;
    const colours = Object.entries(this.#model.colours).map(([name, colour]) => [name, dark ? lighten(colour) : colour]);
    this.#colours = { ...Object.fromEntries(colours), text, halo: dark ? "#121212" : "#ffffff" };
    for (const [name, colour] of colours) this.style.setProperty(`--${name}`, colour);
  }

  #paintControls() {
    const ui = this.#ui;
    const { output, asked } = this.#past.at(-1);
    const input = this.#shown;
    ui.play.textContent = this.#playing ? "Pause" : "Play";
    ui.demo.setAttribute("aria-pressed", this.#demo !== null);
    ui.modes.forEach(button => button.setAttribute("aria-pressed", button.value === this.#mode));
    ui.send.disabled = this.#chosen.every(index => index === null);
    ui.channels.forEach((buttons, channel) =>
      buttons.forEach((button, index) => {
        const part = this.#model.channels[channel].buttons[index].input;
        button.classList.toggle("lit", part.every((value, i) => !value || value === input[i]));
        if (this.#mode === "one") button.removeAttribute("aria-pressed");
        else button.setAttribute("aria-pressed", this.#chosen[channel] === index);
      })
    );
    ui.values.forEach((value, k) => (value.textContent = signed(output[k], 2)));
    ui.wishes.forEach((wish, k) => {
      const met = Math.abs(output[k] - asked[k]) < 0.5;
      wish.textContent = asked[k] ? `asked ${signed(asked[k])} ${met ? "✓" : "…"}` : "asked –";
    });
    const portrait = this.#model.portraits[input];
    const points = portrait
      ? `${count(portrait.unstable.length, "fixed point")}, ${portrait.unstable.filter(n => !n).length} stable`
      : "fixed points not computed";
    ui.now.textContent = `input ${tuple(input)}: ${points}`;
    const label = `Phase portrait in the space of the first principal components,  ${ui.now.textContent}.`;
    if (ui.portrait.ariaLabel !== label) ui.portrait.ariaLabel = label;
  }

  #paintPortrait() {
    const { pen, width, height } = sheet(this.#ui.portrait);
    const colours = this.#colours;
    const project = this.#projection();
    const input = this.#shown;
    const portrait = this.#model.portraits[input];
    const path = places => {
      pen.beginPath();
      places.forEach(({ x, y }) => pen.lineTo(x, y));
      pen.stroke();
    };
    const disc = ({ x, y }, radius) => {
      pen.beginPath();
      pen.arc(x, y, radius, 0, 2 * Math.PI);
    };

    const { lines, ways } = this.#flow(input);
    pen.lineWidth = 1.25;
    pen.strokeStyle = colours.saddle;
    pen.globalAlpha = 0.5;
    ways.forEach(line => path(line.map(project)));
    pen.lineWidth = 1;
    pen.strokeStyle = pen.fillStyle = colours.flow;
    lines.forEach((line, i) => {
      const places = line.map(project);
      pen.globalAlpha = 0.4;
      path(places);
      // A dot rides along the line, one iterate of the map per step of the network.
      const at = (this.#clock + 7 * i) % (line.length + 8);
      const [from, part] = [Math.floor(at), at % 1];
      if (reducedMotion.matches || from + 1 >= line.length) return;
      const [p, q] = [places[from], places[from + 1]];
      pen.globalAlpha = 0.9;
      disc({ x: p.x + part * (q.x - p.x), y: p.y + part * (q.y - p.y) }, 1.8);
      pen.fill();
    });

    if (portrait !== this.#rest) {
      pen.globalAlpha = 0.5;
      this.#rest.points.forEach((point, i) => {
        if (this.#rest.unstable[i]) return;
        disc(project(point), 3);
        pen.fill();
      });
    }

    this.#paintAxes(pen, height);

    const trail = this.#past.slice(-TRAIL).map(({ point }) => project(point));
    if (trail.length > 1) {
      const [p, q] = trail.slice(-2);
      const now = ["x", "y", "size"].map(name => [name, p[name] + this.#phase * (q[name] - p[name])]);
      trail[trail.length - 1] = Object.fromEntries(now);
    }
    pen.strokeStyle = pen.fillStyle = colours.trajectory;
    pen.lineWidth = 2;
    trail.slice(1).forEach((place, i) => {
      pen.globalAlpha = 0.15 + (0.75 * (i + 1)) / trail.length;
      path([trail[i], place]);
      disc(trail[i], 2);
      pen.fill();
    });

    pen.textAlign = "center";
    pen.textBaseline = "middle";
    const family = getComputedStyle(this).fontFamily;
    const places = (portrait?.points ?? []).map((point, i) => ({ ...project(point), unstable: portrait.unstable[i], i }));
    places.sort((p, q) => p.toward - q.toward);
    for (const place of places) {
      pen.globalAlpha = Math.max(0.35, Math.min(1, 0.8 + 0.35 * place.toward));
      disc(place, 6.5 * place.size);
      if (place.unstable) {
        pen.fillStyle = colours.halo;
        pen.fill();
        pen.lineWidth = 1.75;
        pen.strokeStyle = pen.fillStyle = colours.saddle;
        pen.stroke();
        pen.font = `600 ${9 * place.size}px ${family}`;
        pen.fillText(place.unstable, place.x, place.y + 0.5);
      } else {
        pen.fillStyle = colours.stable;
        pen.fill();
      }
    }
    pen.globalAlpha = 1;
    disc(trail.at(-1), 5);
    pen.fillStyle = colours.trajectory;
    pen.strokeStyle = colours.halo;
    pen.lineWidth = 1.5;
    pen.fill();
    pen.stroke();

    pen.font = `600 13px ${family}`;
    pen.lineWidth = 3;
    pen.strokeStyle = colours.halo;
    pen.fillStyle = colours.text;
    for (const { x, y, unstable, i } of places) {
      if (unstable) continue;
      const [dx, dy] = [x - width / 2, y - height / 2];
      const away = 20 / (Math.hypot(dx, dy) || 1);
      pen.strokeText(portrait.labels[i], x + dx * away, y + dy * away);
      pen.fillText(portrait.labels[i], x + dx * away, y + dy * away);
    }
  }

  /* The directions of the principal components, in the lower left corner. */
  #paintAxes(pen, height) {
    const [x, y] = [36, height - 36];
    pen.globalAlpha = 0.7;
    pen.strokeStyle = pen.fillStyle = this.#colours.text;
    pen.lineWidth = 1;
    pen.font = `10px ${getComputedStyle(this).fontFamily}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (let k = 0; k < this.#model.dimension; k++) {
      const [right, up] = turned([0, 1, 2].map(axis => Number(axis === k)), this.#view);
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(x + 20 * right, y - 20 * up);
      pen.stroke();
      // An axis that points at the reader has no room for its name.
      if (Math.hypot(right, up) > 0.4) pen.fillText(`PC${k + 1}`, x + 32 * right, y - 28 * up);
    }
  }

  /* The time course of one bit: its pulses as bars, what is asked as a pale band, the output as a line. */
  #paintTrace(canvas, k) {
    const { pen, width, height } = sheet(canvas);
    const colours = this.#colours;
    const gap = (width - 6) / (TRACE - 1);
    const x = j => width - 4 - gap * (this.#past.length - 1 - j);
    const y = value => height / 2 - 0.34 * height * value;
    pen.fillStyle = colours.trajectory;
    this.#past.forEach(({ asked }, j) => {
      pen.globalAlpha = 0.25;
      if (asked[k]) pen.fillRect(x(j) - gap / 2, y(asked[k]) - 3, gap + 0.2, 6);
    });
    pen.fillStyle = colours.input;
    pen.globalAlpha = 0.35;
    pen.fillRect(0, height / 2, width, 1);
    pen.globalAlpha = 0.7;
    const bar = Math.max(gap, 2.5);
    this.#past.forEach(({ input }, j) => {
      if (input[k]) pen.fillRect(x(j) - bar / 2, y(0), bar, y(input[k]) - y(0));
    });
    pen.globalAlpha = 1;
    pen.strokeStyle = colours.trajectory;
    pen.lineWidth = 1.75;
    pen.beginPath();
    this.#past.forEach(({ output }, j) => pen.lineTo(x(j), y(Math.max(-1.4, Math.min(1.4, output[k])))));
    pen.stroke();
  }
}

customElements.define("rnnlab-player", Player);
