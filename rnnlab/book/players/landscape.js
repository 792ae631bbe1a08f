/* <rnnlab-landscape data-model="…">: a low-rank network in its latent variables κ, under inputs that the reader turns.
 *
 * Needs a page, and the JSON that rnnlab.book.players.landscape() writes.
 *
 * For the console:  p = document.querySelector("rnnlab-landscape")
 *   p.kappa         κ, a Float64Array (a copy); assign one to put the state there, at rest under the input: v = x
 *   p.v  p.output   the input as the units feel it, and what the readout makes of the state
 *   p.input         x, the sum of the chosen input and of what the dials add
 *   p.dials         the dials' values; assign others to turn them
 *   p.choice        the name of the chosen input; assign another one
 *   p.points        the fixed points under x, {place, unstable}: κ, and the number of unstable directions
 *   p.step()  p.reset()  p.play()  p.pause()
 */

import { make, write } from "../../live/elements.js";
import { ICONS, Live, numbers, reducedMotion, rgb } from "../../live/live.js";
import { decode, dot, Network } from "../../live/network.js";
import {
  clipped,
  disc,
  distance,
  line,
  paintPoint,
  paintState,
  paintTrace,
  paintTrail,
  sheet,
  TRAIL,
  underWay,
} from "../../live/pictures.js";
import { count, signed } from "../../live/words.js";

const STRIDES = [4, 2, 1]; // between nodes of a grid that is computed: first a coarse picture, then finer ones
const NODES = { 1: 193, 2: 49 }; // of the finest grid along an axis, by rank
const REFINING = 8; // milliseconds of each frame for that
const NEWTON_STEPS = 40;
const COURSE = 160; // steps of the time courses
const RESTS = 1e-4; // of the picture's width: a state that moves less in a step rests
const NUDGE = 0.02; // of the picture's width, by which an arrow key moves the state
const MARGINS = { left: 44, right: 12, top: 12, bottom: 26 }; // of the plane in the picture, in pixels

/* A low-rank network in its latent variables: h = m κ + W v. */
class Latent {
  #network;

  constructor(network, rank) {
    this.#network = new Network(network);
    this.units = network.units;
    this.rank = rank;
    this.rate = network.rate;
    this.inputs = this.#network.weights.W.length / this.units;
  }

  /* W v. */
  drive(v) {
    const { W } = this.#network.weights;
    return Float64Array.from({ length: this.units }, (_, i) => dot(W, i, v));
  }

  /* G(κ) − κ under a drive W v: τ κ̇. */
  velocity(κ, drive) {
    const { rank, units } = this;
    const { m, n } = this.#network.weights;
    const G = new Float64Array(rank);
    for (let i = 0, j = 0; i < units; i++, j += rank) {
      let h = drive[i];
      for (let k = 0; k < rank; k++) h += m[j + k] * κ[k];
      const r = Math.tanh(h);
      for (let k = 0; k < rank; k++) G[k] += n[j + k] * r;
    }
    return G.map((sum, k) => sum / units - κ[k]);
  }

  /* The Jacobian of the velocity, ⟨n (1 − tanh²) mᵀ⟩ − 1, row by row. */
  jacobian(κ, drive) {
    const { rank, units } = this;
    const { m, n } = this.#network.weights;
    const J = new Float64Array(rank * rank);
    for (let i = 0, j = 0; i < units; i++, j += rank) {
      let h = drive[i];
      for (let k = 0; k < rank; k++) h += m[j + k] * κ[k];
      const slope = 1 - Math.tanh(h) ** 2;
      for (let k = 0; k < rank; k++) {
        for (let l = 0; l < rank; l++) J[k * rank + l] += n[j + k] * slope * m[j + l];
      }
    }
    return J.map((sum, at) => sum / units - (at % (rank + 1) === 0));
  }

  output(κ, v) {
    const { m } = this.#network.weights;
    return this.#network.read(this.drive(v).map((value, i) => value + dot(m, i, κ)));
  }
}

/* The solution d of J d = F for one or two unknowns. */
const solved = (J, F) => {
  if (F.length === 1) return [F[0] / J[0]];
  const [a, b, c, d] = J;
  const determinant = a * d - b * c;
  return [(d * F[0] - b * F[1]) / determinant, (a * F[1] - c * F[0]) / determinant];
};

/* How many eigenvalues of the step's Jacobian 1 + rate J lie outside the unit circle. */
const unstableDirections = (J, rate) => {
  const sizes = ([re, im = 0]) => Math.hypot(1 + rate * re, rate * im);
  if (J.length === 1) return Number(sizes([J[0]]) > 1);
  const [mean, determinant] = [(J[0] + J[3]) / 2, J[0] * J[3] - J[1] * J[2]];
  const square = mean * mean - determinant;
  const root = Math.sqrt(Math.abs(square));
  const eigenvalues = square < 0 ? [[mean, root], [mean, -root]] : [[mean + root], [mean - root]];
  return eigenvalues.filter((eigenvalue) => sizes(eigenvalue) > 1).length;
};

/* The flow of the latent variables under one settled input, on a grid over the picture, and its fixed points. A part of
   it at each call of `refine`, so that no frame waits: first a coarse grid, on which the points are found. */
class Field {
  #latent;
  #drive;
  #range;
  #reach;
  #work;
  #sum = 0; // of the points' indices, the signs of det(−J)
  points = []; // {place, unstable}

  /* near: places at which fixed points are likely. */
  constructor(latent, input, { range, reach }, near = []) {
    [this.input, this.#latent, this.#range, this.#reach] = [input, latent, range, reach];
    this.#drive = latent.drive(input);
    this.columns = NODES[latent.rank];
    this.rows = latent.rank === 1 ? 1 : this.columns;
    this.velocities = Array(this.columns * this.rows);
    this.#work = this.#refining(near);
    while (!this.stride) this.#work.next();
  }

  /* Go on until a time; returns whether there is more to be done. */
  refine(deadline) {
    while (!this.done && performance.now() < deadline) this.done = this.#work.next().done;
    return !this.done;
  }

  /* Whether the indices add up to that of a flow that comes in from all sides: else, points are missing. */
  get complete() {
    return this.#sum === 1;
  }

  /* κ at a node of the grid, or between nodes. */
  place(column, row) {
    const at = (axis, part) => this.#range[axis][0] + part * (this.#range[axis][1] - this.#range[axis][0]);
    const first = at(0, column / (this.columns - 1));
    return this.#latent.rank === 1 ? [first] : [first, at(1, row / (this.rows - 1))];
  }

  velocityAt(κ) {
    return this.#latent.velocity(κ, this.#drive);
  }

  *#refining(near) {
    for (const place of near) this.#polish(place);
    for (const stride of STRIDES) {
      for (let row = 0; row < this.rows; row += stride) {
        for (let column = 0; column < this.columns; column += stride) {
          this.velocities[row * this.columns + column] ??= this.velocityAt(this.place(column, row));
        }
        if (this.stride) yield;
      }
      for (const place of this.#likely(stride)) {
        this.#polish(place);
        if (this.stride) yield;
      }
      this.stride = stride;
      yield;
    }
  }

  /* The middles of cells at whose corners each part of the velocity takes both signs. */
  *#likely(stride) {
    const { rank } = this.#latent;
    const ups = rank === 1 ? [0] : [0, stride];
    for (let row = 0; row + ups.at(-1) < this.rows; row += stride) {
      for (let column = 0; column + stride < this.columns; column += stride) {
        const corners = ups.flatMap((up) =>
          [0, stride].map((right) => this.velocities[(row + up) * this.columns + column + right])
        );
        const turns = corners[0].every((first, k) => corners.some((velocity) => velocity[k] > 0 !== first > 0));
        if (turns) yield this.place(column + stride / 2, row + ups.at(-1) / 2);
      }
    }
  }

  /* Newton's method from a place, with shorter steps where the whole one leads uphill. What it finds may be known. */
  #polish(κ) {
    const size = (values) => Math.hypot(...values);
    let F = this.velocityAt(κ);
    for (let i = 0; i < NEWTON_STEPS && size(F) > 1e-13; i++) {
      const step = solved(this.#latent.jacobian(κ, this.#drive), F);
      let [part, next, after] = [1];
      do {
        next = κ.map((value, k) => value - part * step[k]);
        after = this.velocityAt(next);
        part /= 2;
      } while (!(size(after) < size(F)) && part > 1e-4);
      if (!(size(after) < size(F))) break;
      [κ, F] = [next, after];
    }
    const apart = ({ place }) => distance(place, κ) > 1e-6;
    const outside = κ.some((value, k) => Math.abs(value) > this.#reach[k]);
    if (!(size(F) < 1e-9) || outside || !this.points.every(apart)) return;
    const J = this.#latent.jacobian(κ, this.#drive);
    this.#sum += Math.sign(J.length === 1 ? -J[0] : J[0] * J[3] - J[1] * J[2]);
    this.points.push({ place: κ, unstable: unstableDirections(J, this.#latent.rate) });
  }
}

/* Round numbers within a range, three or so. */
const roundNumbers = ([low, high]) => {
  const rough = (high - low) / 4.5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
};

const plain = (value) => String(Number(value.toFixed(6))).replace("-", "−");

/* What both pictures share: axes, fixed points, the state. Each has its own `spot` of κ, and its own `paintField`. */
class LandscapePicture {
  #canvas;
  #names;
  #ranges;

  /* names, ranges: of the two axes. */
  constructor(canvas, names, ranges) {
    [this.#canvas, this.#names, this.#ranges] = [canvas, names, ranges];
  }

  get #frame() {
    const { clientWidth, clientHeight } = this.#canvas;
    const { left, right, top, bottom } = MARGINS;
    return { left, top, width: clientWidth - left - right, height: clientHeight - top - bottom };
  }

  /* From numbers on the axes to pixels, and back. */
  pixels([a, b]) {
    const { left, top, width, height } = this.#frame;
    const [p, q] = [a, b].map((value, k) => (value - this.#ranges[k][0]) / (this.#ranges[k][1] - this.#ranges[k][0]));
    return { x: left + p * width, y: top + (1 - q) * height };
  }

  numbers(x, y) {
    const { left, top, width, height } = this.#frame;
    const parts = [(x - left) / width, 1 - (y - top) / height].map((part) => Math.max(0, Math.min(1, part)));
    return parts.map((part, k) => this.#ranges[k][0] + part * (this.#ranges[k][1] - this.#ranges[k][0]));
  }

  /* Draw: what is behind it all, within the frame, then the axes, the trail, the points, and the state. */
  paint({ field, trail, colours }) {
    const page = sheet(this.#canvas);
    const { pen } = page;
    const { left, top, width, height } = this.#frame;
    clipped(pen, left, top, width, height, () => this.paintField(pen, field, colours));
    this.#paintAxes(page, colours);
    clipped(pen, left - 9, top - 9, width + 18, height + 18, () => {
      paintTrail(pen, trail, colours);
      pen.globalAlpha = 1;
      for (const { place, unstable } of field.points) {
        const spot = this.spot(place);
        pen.fillStyle = colours.halo;
        disc(pen, spot, 8);
        paintPoint(page, spot, unstable, colours);
      }
      paintState(pen, trail.at(-1), colours);
    });
  }

  #paintAxes({ pen, font, width: whole, height: high }, colours) {
    const { left, top, width, height } = this.#frame;
    pen.globalAlpha = 0.5;
    pen.lineWidth = 1;
    pen.strokeStyle = pen.fillStyle = colours.text;
    pen.strokeRect(left, top, width, height);
    pen.globalAlpha = 0.9;
    pen.font = `12px ${font}`;
    const [across, up] = this.#ranges.map(roundNumbers);
    for (const value of across) {
      const { x } = this.pixels([value, this.#ranges[1][0]]);
      if (x < whole - 60) pen.fillText(plain(value), x, high - 12);
    }
    pen.textAlign = "right";
    for (const value of up) {
      const { y } = this.pixels([this.#ranges[0][0], value]);
      if (y > top + 24) pen.fillText(plain(value), left - 6, y);
    }
    pen.font = `600 13px ${font}`;
    pen.fillText(this.#names[0], left + width, high - 12);
    pen.fillText(this.#names[1], left - 6, top + 8);
    pen.textAlign = "center";
  }
}

/* Rank 2: the plane of κ, its colours the speed, its arrows the direction of the flow. */
class SpeedMap extends LandscapePicture {
  #fastest;
  #picture = {}; // as it was drawn last: {image, field, stride, colours}

  constructor(canvas, { range, fastest }) {
    super(canvas, ["κ₁", "κ₂"], range);
    this.#fastest = fastest;
  }

  spot(κ) {
    return this.pixels(κ);
  }

  paintField(pen, field, colours) {
    const { columns, stride } = field;
    const last = this.#picture;
    if (last.field !== field || last.stride !== stride || last.colours !== colours) {
      this.#picture = { field, stride, colours, image: this.#image(field, colours) };
    }
    const { image } = this.#picture;
    const [a, b] = [this.pixels(field.place(0, columns - 1)), this.pixels(field.place(columns - 1, 0))];
    // The middle of each pixel of the image is a node of the grid.
    const [dx, dy] = [(b.x - a.x) / (image.width - 1), (b.y - a.y) / (image.height - 1)];
    pen.imageSmoothingQuality = "high";
    pen.drawImage(image, a.x - dx / 2, a.y - dy / 2, image.width * dx, image.height * dy);
    this.#paintArrows(pen, field, colours);
  }

  /* From the page's own colour, at rest, to the tone, at the fastest; by the root of the speed, which tells slow from
     slower. Mixed in sRGB, whose numbers are nearly even in lightness. */
  #image({ velocities, columns, stride }, colours) {
    const [slow, fast] = [colours.halo, colours.tone].map(rgb);
    const width = (columns - 1) / stride + 1;
    const canvas = new OffscreenCanvas(width, width);
    const pen = canvas.getContext("2d");
    const image = pen.createImageData(width, width);
    for (let row = 0; row < width; row++) {
      for (let column = 0; column < width; column++) {
        const speed = Math.hypot(...velocities[row * stride * columns + column * stride]);
        const share = Math.min(1, Math.sqrt(speed / this.#fastest));
        const pixel = 4 * ((width - 1 - row) * width + column);
        slow.forEach((value, k) => (image.data[pixel + k] = value + share * (fast[k] - value)));
        image.data[pixel + 3] = 255;
      }
    }
    pen.putImageData(image, 0, 0);
    return canvas;
  }

  #paintArrows(pen, field, colours) {
    pen.globalAlpha = 0.55;
    pen.lineWidth = 1.1;
    pen.strokeStyle = colours.text;
    const [gap, last] = [STRIDES[0], field.columns - 1];
    for (let row = gap; row < last; row += gap) {
      for (let column = gap; column < last; column += gap) {
        const κ = field.place(column, row);
        const velocity = field.velocities[row * field.columns + column];
        const [from, to] = [this.pixels(κ), this.pixels(κ.map((value, k) => value + velocity[k]))];
        arrow(pen, from, Math.atan2(to.y - from.y, to.x - from.x));
      }
    }
  }
}

/* Rank 1: the velocity against κ; the state moves along the axis, to the right where the curve is above it. */
class VelocityCurve extends LandscapePicture {
  constructor(canvas, { range, fastest }) {
    super(canvas, ["κ", "τ κ̇"], [...range, [-fastest, fastest]]);
  }

  spot([κ]) {
    return this.pixels([κ, 0]);
  }

  paintField(pen, field, colours) {
    const [first, last] = [0, field.columns - 1].map((column) => this.spot(field.place(column)));
    pen.globalAlpha = 0.5;
    pen.lineWidth = 1;
    pen.strokeStyle = colours.text;
    line(pen, [first, last]);
    const gap = STRIDES[0] * 3;
    pen.globalAlpha = 0.8;
    pen.lineWidth = 1.5;
    for (let column = gap; column < field.columns - 1; column += gap) {
      arrow(pen, this.spot(field.place(column)), field.velocities[column][0] > 0 ? 0 : Math.PI);
    }
    pen.globalAlpha = 1;
    pen.lineWidth = 2.5;
    const nodes = Array.from({ length: (field.columns - 1) / field.stride + 1 }, (_, i) => i * field.stride);
    line(pen, nodes.map((column) => this.pixels([...field.place(column), ...field.velocities[column]])));
  }
}

/* A small arrow around a place. */
const arrow = (pen, { x, y }, angle) => {
  const at = (radius, turn) => ({ x: x + radius * Math.cos(angle + turn), y: y + radius * Math.sin(angle + turn) });
  line(pen, [at(6, Math.PI), at(6, 0)]);
  line(pen, [at(3.4, 0.9), at(6, 0), at(3.4, -0.9)]);
};

const LANDSCAPE = `
<section class="landscape" aria-label="Live landscape">
  <p class="title"></p>
  <div class="stage">
    <p class="now"></p>
    <canvas class="portrait" role="img" tabindex="0" aria-describedby="help"></canvas>
  </div>
  <div class="panel">
    <fieldset class="options"><legend>Input</legend></fieldset>
    <div class="dials" role="group" aria-label="Dials"></div>
    <div class="rows"></div>
    <div class="transport" role="group" aria-label="Time">
      <button type="button" class="play"></button>
      <button type="button" class="step">Step</button>
      <button type="button" class="reset">Reset</button>
    </div>
    <div class="settings"><label>Speed <input class="speed" type="range" min="1" max="100" value="25"></label></div>
  </div>
  <div class="notes">
    <p class="legend">
      <span>${ICONS.stable} stable point</span>
      <span>${ICONS.saddle} unstable point, number of unstable directions</span>
      <span>${ICONS.state} state</span>
      <span class="speeds"><span class="slowest">slow</span><span class="shades"></span><span>fast</span></span>
    </p>
    <p class="hint help" id="help"></p>
  </div>
  <p class="caption"></p>
  <p class="spoken" aria-live="polite"></p>
</section>`;

class Landscape extends Live {
  static template = LANDSCAPE;
  #latent;
  #picture;
  #directions; // of the dials
  #bases; // of the choices
  #dials; // values
  #chosen = 0; // index of the choice
  #input; // x
  #field; // the landscape under the x for which one was asked last
  #κ;
  #v;
  #past = []; // the last steps, the present at the end: {κ, values, bars, asks}
  #held = false; // in the reader's hand, where no time passes

  // ---- the network's time ------------------------------------------------------------------------------------------

  get kappa() {
    return this.#κ.slice();
  }

  set kappa(κ) {
    this.#place(numbers(κ, this.#latent.rank, "state"), this.#input);
  }

  get v() {
    return this.#v.slice();
  }

  get output() {
    return this.#latent.output(this.#κ, this.#v);
  }

  get input() {
    return this.#input.slice();
  }

  get dials() {
    return this.#dials.slice();
  }

  set dials(values) {
    const { dials } = this.model;
    const given = numbers(values, dials.length, "dials");
    dials.forEach(({ name, low, high }, i) => {
      if (given[i] < low || given[i] > high) throw new RangeError(`${name} is from ${low} to ${high}, not ${given[i]}`);
    });
    this.#dials = given;
    this.#turn();
  }

  get choice() {
    return this.model.choices[this.#chosen]?.name ?? null;
  }

  set choice(name) {
    const names = this.model.choices.map((choice) => choice.name);
    if (!names.includes(name)) throw new RangeError(`there are the choices ${names.join(", ")}, not ${name}`);
    this.#chosen = names.indexOf(name);
    this.#turn();
  }

  get points() {
    const field = this.#landscape;
    while (field.refine(Infinity));
    return field.points.map(({ place, unstable }) => ({ place: [...place], unstable }));
  }

  step() {
    const { rate } = this.#latent;
    const velocity = this.#latent.velocity(this.#κ, this.#latent.drive(this.#v));
    this.#κ = this.#κ.map((value, k) => value + rate * velocity[k]);
    this.#v = this.#v.map((value, k) => value + rate * (this.#input[k] - value));
    this.phase = 1;
    this.#record();
    return this.kappa;
  }

  reset() {
    this.#place(Float64Array.from(this.model.start), new Float64Array(this.#latent.inputs));
  }

  get running() {
    return super.running && !this.#held;
  }

  #place(κ, v) {
    [this.#κ, this.#v] = [κ, v.slice()];
    this.#past = [];
    this.phase = 1;
    this.#record();
  }

  #record() {
    const values = [...(this.#latent.rank === 1 ? this.#κ : []), ...this.output];
    this.#past.push({ κ: this.#κ, values, bars: values.map(() => 0), asks: [values.map(() => null)] });
    if (this.#past.length > COURSE) this.#past.shift();
    this.draw();
  }

  /* The landscape under the input as it is now; made only when it is asked for, since a dial turns faster than that. */
  get #landscape() {
    if (this.#field?.input !== this.#input) {
      const near = this.#field?.points.map(({ place }) => place);
      this.#field = new Field(this.#latent, this.#input, this.model, near);
    }
    return this.#field;
  }

  /* The input after a dial or a choice has changed. */
  #turn() {
    const base = this.#bases[this.#chosen] ?? new Float64Array(this.#latent.inputs);
    this.#input = base.map((value, k) =>
      this.#directions.reduce((sum, direction, i) => sum + this.#dials[i] * direction[k], value)
    );
    this.draw();
  }

  // ---- building ----------------------------------------------------------------------------------------------------

  build(model, ui) {
    const rank = model.start.length;
    this.#latent = new Latent(model.network, rank);
    this.#picture = new (rank === 1 ? VelocityCurve : SpeedMap)(ui.portrait, model);
    this.#directions = model.dials.map(({ direction }) => decode(direction));
    this.#bases = model.choices.map(({ input }) => decode(input));
    this.#dials = Float64Array.from(model.dials, ({ value }) => value);

    ui.help.textContent = `Press or drag in the picture to put the state there, or focus it and use the arrow keys. The
      ${rank === 1 ? "curve" : "flow"} is that of an input that has been there for long; just after a change the state
      still feels the one before.`;
    ui.speeds.hidden = rank === 1;
    ui.options.hidden = !model.choices.length;
    ui.options.append(...model.choices.map(({ name }) => {
      const onchange = () => (this.choice = name);
      return make("label", {}, make("input", { type: "radio", name: "choice", onchange }), ` ${name}`);
    }));
    ui.turned = model.dials.map(({ name, low, high }, i) => {
      const slider = make("input", { type: "range", min: low, max: high, step: (high - low) / 100, ariaLabel: name });
      slider.oninput = () => (this.dials = this.#dials.with(i, Math.max(low, Math.min(high, slider.valueAsNumber))));
      return { slider, amount: make("span", { className: "amount" }) };
    });
    ui.dials.append(
      ...ui.turned.map(({ slider, amount }, i) =>
        make("div", { className: "dial" }, make("span", { textContent: model.dials[i].name }), slider, amount)
      ),
    );
    const outputs = model.outputs.map((_, k) => (model.outputs.length > 1 ? `output ${k + 1}` : "output"));
    const ranges = rank === 1 ? [...model.range, ...model.outputs] : model.outputs;
    ui.readings = [...(rank === 1 ? ["κ"] : []), ...outputs].map((name, k) => ({
      name,
      range: ranges[k],
      trace: make("canvas", { className: "trace", ariaHidden: "true" }),
      value: make("span", { className: "value" }),
    }));
    ui.rows.append(
      ...ui.readings.map(({ name, trace, value }) =>
        make(
          "div",
          { className: "row", role: "group", ariaLabel: name },
          make("span", { textContent: name }),
          trace,
          value,
        )
      ),
    );

    ui.reset.onclick = () => this.reset();
    this.#turn();
    this.#listenToPicture();
    this.reset();
  }

  #listenToPicture() {
    const picture = this.ui.portrait;
    const { rank } = this.#latent;
    const put = (event) => (this.kappa = this.#picture.numbers(event.offsetX, event.offsetY).slice(0, rank));
    // A finger that moves up or down scrolls the page; it may not move the state before that is known.
    let begun = null;
    const release = () => {
      this.#held = false;
      this.draw();
    };
    picture.onpointerdown = (event) => {
      this.#held = true;
      begun = event.pointerType === "touch" ? event : null;
      picture.setPointerCapture(event.pointerId);
      if (!begun) put(event);
    };
    picture.onpointermove = (event) => {
      if (begun && Math.abs(event.clientX - begun.clientX) > Math.abs(event.clientY - begun.clientY)) begun = null;
      if (this.#held && !begun) put(event);
    };
    picture.onpointerup = (event) => {
      if (this.#held) put(event);
      release();
    };
    picture.onpointercancel = release;
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    picture.onkeydown = (event) => {
      if (!arrows[event.key]) return;
      event.preventDefault();
      this.kappa = this.model.range.map(([low, high], k) =>
        Math.max(low, Math.min(high, this.#κ[k] + NUDGE * (high - low) * arrows[event.key][k]))
      );
    };
  }

  // ---- drawing -----------------------------------------------------------------------------------------------------

  paint() {
    const field = this.#landscape;
    const unfinished = field.refine(performance.now() + REFINING);
    this.#paintControls(field);
    const trail = this.#past.slice(-TRAIL).map(({ κ }) => this.#picture.spot(κ));
    const phase = reducedMotion.matches ? 1 : this.phase;
    this.#picture.paint({ field, trail: underWay(trail, phase), colours: this.colours });
    return unfinished;
  }

  #paintControls({ points, complete }) {
    const ui = this.ui;
    ui.turned.forEach(({ slider, amount }, i) => {
      if (this.shadowRoot.activeElement !== slider) slider.value = this.#dials[i];
      write(amount, signed(this.#dials[i], 2));
    });
    [...ui.options.querySelectorAll("input")].forEach((radio, i) => (radio.checked = i === this.#chosen));
    const { values } = this.#past.at(-1);
    ui.readings.forEach(({ range, trace, value }, k) => {
      write(value, signed(values[k], 2));
      paintTrace(trace, this.#past, k, { range, span: COURSE }, this.colours);
    });
    const stable = points.filter(({ unstable }) => !unstable).length;
    const found = `${complete ? "" : "at least "}${count(points.length, "fixed point")}, ${stable} stable`;
    write(ui.now, found);
    const kind = this.#latent.rank === 1 ? "Velocity of κ against κ" : "Flow in the plane of κ₁ and κ₂";
    const label = `${kind}, ${found}.`;
    if (ui.portrait.ariaLabel !== label) ui.portrait.ariaLabel = label;
    const width = Math.max(...this.model.range.map(([low, high]) => high - low));
    const moved = distance(this.#past.at(-1).κ, this.#past.at(-2)?.κ ?? this.#past.at(-1).κ);
    const said = values.slice(-this.model.outputs.length).map((value) => signed(value, 2)).join(", ");
    const rests = this.#past.length > 1 && moved < RESTS * width;
    const where = [...this.#κ].map((value) => signed(value, 2)).join(", ");
    write(ui.spoken, `${found}. ${rests ? `The state rests at ${where}, output ${said}.` : "The state moves."}`);
  }
}

customElements.define("rnnlab-landscape", Landscape);
