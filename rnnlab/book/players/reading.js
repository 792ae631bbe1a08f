/* <rnnlab-reading data-model="…">: a text classifier that reads what is typed into the page.
 *
 * Needs a page, and the JSON that rnnlab.book.players.reading() writes. What is typed is put into the page as text,
 * never as HTML.
 *
 * For the console:  p = document.querySelector("rnnlab-reading")
 *   await p.read("not bad")   puts a text into the box and gives, for each token, {token, known, state, point, logit,
 *                             change, push, nearest}: the state after it and its place in the picture; the logit after
 *                             it and by how much that is more than before; its push, at the nearest point of the line
 *   p.tokens("not bad")       the tokens of a text, which is not read
 *   p.at                      how many tokens are read in what is shown; assign a number to go there
 *   p.play()  p.pause()
 */

import { make, write } from "../../live/elements.js";
import { icon, ICONS, Live, reducedMotion, rgb } from "../../live/live.js";
import { decode, dot, Network, rows, sigmoid } from "../../live/network.js";
import { clipped, diamond, disc, line, paintState, sheet, underWay } from "../../live/pictures.js";
import { signed } from "../../live/words.js";

const CHIPS = 400; // tokens that are shown as words
const LONGEST = 20000; // tokens that are read: more states than that would fill the memory of a phone
const SLICE = 40; // milliseconds of reading, after which the page has its turn
const PATIENCE = 200; // milliseconds without a letter, after which a text is read
const QUIET = 1000; // milliseconds without a letter, after which the answer is also spoken
const PACE = 3; // tokens per second that are played, but
const LASTING = 25; // seconds at most
const PATH = 300; // steps of the trajectory in the picture, of which the
const RECENT = 10; // last are drawn more strongly, and
const NAMED = 4; // have their words written beside them
const STRONG = 2; // the change of the logit that gets the full colour
const FADE = 2; // bins around the density over which it fades
const EXAMPLE = 28; // characters of an example on its button

/* rnnlab.corpora.tokenize, with the letters and the blanks that Python's \w and \s mean. Of characters that are newer
   than Python's table of them, a run is one token here and several there; they are in no word that a network knows. */
const LETTER = "\\p{L}\\p{N}_";
const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const TAG = /<[a-z/][^<>]{0,20}>/gu;
const TOKEN = new RegExp(
  `[${LETTER}]+?(?=n't)|n't|'(?:s|m|d|ll|re|ve)(?![${LETTER}])|[${LETTER}]+|[^${LETTER}${BLANK}]`,
  "gu",
);
const tokenize = (text) => text.toLowerCase().replaceAll("’", "'").replace(TAG, " ").match(TOKEN) ?? [];

/* Base64 of little-endian float16 to doubles, without Float16Array, which browsers have only since 2025. */
const decodeHalves = ({ f2 }) => {
  const halves = new Uint16Array(Uint8Array.from(atob(f2), (c) => c.charCodeAt(0)).buffer);
  return Float64Array.from(halves, (half) => {
    const [exponent, fraction] = [(half >> 10) & 31, half & 1023];
    const size = exponent ? 2 ** (exponent - 25) * (1024 + fraction) : 2 ** -24 * fraction;
    return half >> 15 ? -size : size;
  });
};

/* A text classifier with its line attractor: what each word does to it. */
class Reader {
  #network;
  #numbers; // token → row of the embeddings; row 0 for all others
  #embeddings;
  #mean;
  #components;
  #pushes; // of an input at each point of the line

  constructor({ network, words, embeddings, pca, line }) {
    this.#network = new Network(network);
    const names = words.split("\n");
    this.words = names.length;
    this.#numbers = new Map(names.map((word, i) => [word, i + 1]));
    const flat = decodeHalves(embeddings);
    this.#embeddings = rows(flat, flat.length / (names.length + 1));
    this.#mean = decode(pca.mean);
    this.#components = rows(decode(pca.components), network.size);
    this.line = rows(decodeHalves(line.states), network.size);
    this.#pushes = rows(decode(line.pushes), this.#embeddings[0].length);
    const state = new Float64Array(network.size);
    this.start = { token: "", known: true, state, ...this.#seen(state), change: 0, push: 0, nearest: 0 };
  }

  coordinates(state) {
    const offset = state.map((value, i) => value - this.#mean[i]);
    return Float64Array.from(this.#components, (component) => dot(component, 0, offset));
  }

  #seen(state) {
    return { point: this.coordinates(state), logit: this.#network.read(state)[0] };
  }

  /* What a token does after the steps so far, of which the last is given. */
  after(step, token) {
    const number = this.#numbers.get(token) ?? 0;
    const input = this.#embeddings[number];
    const state = this.#network.at(input)(step.state);
    const seen = this.#seen(state);
    const nearest = this.#nearest(step.state);
    const push = dot(this.#pushes[nearest], 0, input);
    return { token, known: number > 0, state, ...seen, change: seen.logit - step.logit, push, nearest };
  }

  /* The index of the point of the line that is next to a state. */
  #nearest(state) {
    const gaps = this.line.map((point) => point.reduce((sum, value, i) => sum + (value - state[i]) ** 2, 0));
    return gaps.indexOf(Math.min(...gaps));
  }

  /* The readout in the plane of the picture, [c, a, b]: the logit at (x, y) there is c + a x + b y. */
  get plane() {
    const c = this.#network.read(this.#mean)[0];
    const slopes = this.#components.map((component) =>
      this.#network.read(this.#mean.map((value, i) => value + component[i]))[0] - c
    );
    return [c, ...slopes];
  }
}

/* Counts in bins, smoothed, with a margin in which they fade: a few thousand states leave many bins empty by chance. */
const smooth = (counts, width, height) => {
  const kernel = [1, 4, 6, 4, 1].map((weight) => weight / 16);
  const spread = new Float64Array((width + 2 * FADE) * (height + 2 * FADE));
  counts.forEach((n, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    kernel.forEach((p, dy) => kernel.forEach((q, dx) => (spread[(y + dy) * (width + 2 * FADE) + x + dx] += p * q * n)));
  });
  return spread;
};

/* The density of visited states in the plane, as a small picture of which each pixel is a bin, FADE of them around. */
const clouds = ({ bins, counts }, colours) => {
  const [width, height] = bins.map((length) => length + 2 * FADE);
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(width, height);
  const densities = counts.map((label) => smooth(label, ...bins));
  const most = densities.map((density) => Math.max(...density) || 1);
  const hues = [colours.negative, colours.positive].map(rgb);
  for (let i = 0; i < width * height; i++) {
    const [p, q] = densities.map((density, k) => Math.sqrt(density[i] / most[k]));
    const pixel = 4 * ((height - 1 - Math.floor(i / width)) * width + (i % width));
    hues[0].forEach((value, k) => (image.data[pixel + k] = (p * value + q * hues[1][k]) / (p + q)));
    image.data[pixel + 3] = 150 * Math.max(p, q);
  }
  pen.putImageData(image, 0, 0);
  return canvas;
};

/* The plane of the first two principal components: where real texts lead, the line, and the state on its way. */
class Plane {
  #canvas;
  #density;
  #line;
  #plane;
  #classes;
  #start;
  #cloud = {}; // {picture, colours} of the density as it was drawn last

  constructor(canvas, { density, classes }, reader) {
    this.#canvas = canvas;
    this.#density = density;
    this.#line = reader.line.map((state) => reader.coordinates(state));
    this.#plane = reader.plane;
    this.#classes = classes;
    this.#start = reader.start.point;
  }

  /* Draw. steps: all that are known, the start first; at: how many of them are shown; phase: the part of the last of
     these gone so far. */
  paint({ steps, at, phase, colours }) {
    const canvas = sheet(this.#canvas);
    const { pen } = canvas;
    const place = this.#scale(steps, canvas);
    this.#paintClouds(pen, place, colours);
    this.#paintBorder(canvas, place, colours);
    pen.lineWidth = 1;
    pen.strokeStyle = colours.text;
    pen.fillStyle = colours.slow;
    for (const point of this.#line) {
      pen.globalAlpha = 1;
      diamond(pen, place(point), 4.5);
      pen.globalAlpha = 0.5;
      pen.stroke();
    }
    this.#paintNames(canvas, colours);
    this.#paintStart(pen, place(this.#start), colours);
    const first = Math.max(0, at - PATH);
    const places = underWay(steps.slice(first, at + 1).map(({ point }) => place(point)), phase);
    this.#paintPath(pen, places, colours);
    this.#paintWords(canvas, steps.slice(first, at + 1), places, colours);
  }

  /* From the plane to pixels: each axis on its own, so that most states, the line and the path are in view. */
  #scale(steps, { width, height }) {
    const [left, right, low, high] = this.#density.range;
    const seen = [[left, low], [right, high], this.#start, ...this.#line, ...steps.map(({ point }) => point)];
    const axis = (k, length, margin) => {
      let [least, most] = [Infinity, -Infinity];
      for (const point of seen) [least, most] = [Math.min(least, point[k]), Math.max(most, point[k])];
      return (value) => margin + ((length - 2 * margin) * (value - least)) / (most - least);
    };
    const [x, y] = [axis(0, width, 24), axis(1, height, 34)];
    return ([px, py]) => ({ x: x(px), y: height - y(py) });
  }

  #paintClouds(pen, place, colours) {
    if (this.#cloud.colours !== colours) this.#cloud = { picture: clouds(this.#density, colours), colours };
    const { range: [left, right, low, high], bins: [width, height] } = this.#density;
    const [top, bottom] = [place([left, high]), place([right, low])];
    const [dx, dy] = [(bottom.x - top.x) / width, (bottom.y - top.y) / height]; // of a bin
    const { picture } = this.#cloud;
    pen.drawImage(picture, top.x - FADE * dx, top.y - FADE * dy, picture.width * dx, picture.height * dy);
  }

  /* Where the readout is zero. */
  #paintBorder({ pen, font, width, height }, place, colours) {
    const [c, a, b] = this.#plane;
    const [left, right, low, high] = this.#density.range;
    // Two points of the border; far beyond the picture, which cuts it off.
    const [dx, dy] = [right - left, high - low];
    const foot = [-c * a / (a * a + b * b), -c * b / (a * a + b * b)];
    const far = (10 * Math.hypot(dx, dy)) / Math.hypot(a, b);
    const ends = [-far, far].map((t) => place([foot[0] - t * b, foot[1] + t * a]));
    clipped(pen, 0, 0, width, height, () => {
      pen.globalAlpha = 0.7;
      pen.lineWidth = 1.25;
      pen.strokeStyle = colours.text;
      pen.setLineDash([5, 5]);
      line(pen, ends);
    });
    const [p, q] = ends;
    const x = p.x + ((q.x - p.x) * (height - 10 - p.y)) / (q.y - p.y);
    if (x < 80 || x > width - 80) return; // there stand the names of the axes
    this.#write(pen, font, "undecided", { x, y: height - 10 }, colours.text, colours, 500);
  }

  /* The classes on their sides, and the principal components. */
  #paintNames({ pen, font, width, height }, colours) {
    const [negative, positive] = this.#classes;
    pen.textAlign = "left";
    this.#write(pen, font, `← ${negative}`, { x: 4, y: 12 }, colours.negative, colours);
    this.#write(pen, font, "↑ PC2", { x: 4, y: height - 10 }, colours.text, colours, 400);
    pen.textAlign = "right";
    this.#write(pen, font, `${positive} →`, { x: width - 4, y: 12 }, colours.positive, colours);
    this.#write(pen, font, "PC1 →", { x: width - 4, y: height - 10 }, colours.text, colours, 400);
    pen.textAlign = "center";
  }

  #paintStart(pen, { x, y }, colours) {
    pen.globalAlpha = 1;
    pen.lineWidth = 2;
    pen.strokeStyle = colours.text;
    pen.fillStyle = colours.halo;
    disc(pen, { x, y }, 5.5);
    pen.stroke();
  }

  /* The trajectory, with a dot for each step, and the state at its end. */
  #paintPath(pen, places, colours) {
    const last = places.length - 1;
    pen.lineWidth = 2;
    pen.strokeStyle = pen.fillStyle = colours.trajectory;
    for (let i = 0; i < last; i++) {
      pen.globalAlpha = Math.max(0.25, 0.95 - (0.7 * (last - 1 - i)) / RECENT);
      line(pen, [places[i], places[i + 1]]);
      if (i) disc(pen, places[i], 2.5);
    }
    paintState(pen, places[last], colours, 5.5);
  }

  /* The last words beside their states, the latest first: the others only where there is room. */
  #paintWords({ pen, font, width, height }, steps, places, colours) {
    const taken = [];
    for (let i = steps.length - 1; i > Math.max(0, steps.length - 1 - NAMED); i--) {
      const half = 4 + Math.min(pen.measureText(steps[i].token).width, width / 2) / 2;
      const x = Math.max(half, Math.min(width - half, places[i].x));
      const y = places[i].y + (places[i].y > height - 30 ? -16 : 17);
      if (taken.some((box) => Math.abs(box.x - x) < box.half + half && Math.abs(box.y - y) < 16)) continue;
      taken.push({ x, y, half });
      this.#write(pen, font, steps[i].token, { x, y }, colours.text, colours, i === steps.length - 1 ? 700 : 500);
    }
  }

  #write(pen, font, text, { x, y }, colour, colours, weight = 600) {
    pen.globalAlpha = 1;
    pen.font = `${weight} 13px ${font}`;
    pen.lineWidth = 3;
    pen.strokeStyle = colours.halo;
    pen.fillStyle = colour;
    pen.strokeText(text, x, y);
    pen.fillText(text, x, y);
  }
}

/* Of places from left to right those that can be told apart: in each column of pixels the ends and the extremes. */
const thinned = (places) => {
  const columns = new Map();
  for (const place of places) {
    const x = Math.round(place.x);
    if (!columns.has(x)) columns.set(x, { first: place, low: place, high: place, last: place });
    const column = columns.get(x);
    if (place.y > column.low.y) column.low = place;
    if (place.y < column.high.y) column.high = place;
    column.last = place;
  }
  return [...columns.values()].flatMap(({ first, low, high, last }) => [...new Set([first, low, high, last])]);
};

/* The logit after each token, the second class upwards; the current one is marked. */
const paintCourse = (canvas, steps, at, total, classes, colours) => {
  const { pen, width, height, font } = sheet(canvas);
  const most = steps.reduce((most, { logit }) => Math.max(most, Math.abs(logit)), STRONG);
  const x = (step) => 8 + ((width - 16) * step) / Math.max(total, 1); // where the slider's thumb is
  const y = (logit) => (height / 2) * (1 - (0.86 * logit) / most);
  const places = steps.map(({ logit }, step) => ({ x: x(step), y: y(logit) }));
  const drawn = thinned(places);
  const area = [{ x: x(0), y: y(0) }, ...drawn, { x: drawn.at(-1).x, y: y(0) }];
  for (const [colour, top] of [[colours.positive, 0], [colours.negative, height / 2]]) {
    clipped(pen, 0, top, width, height / 2, () => {
      pen.globalAlpha = 0.3;
      pen.fillStyle = colour;
      pen.beginPath();
      for (const place of area) pen.lineTo(place.x, place.y);
      pen.fill();
    });
  }
  pen.globalAlpha = 0.5;
  pen.fillStyle = colours.text;
  pen.fillRect(0, y(0) - 0.5, width, 1);
  pen.lineWidth = 1.75;
  pen.strokeStyle = pen.fillStyle = colours.trajectory;
  pen.globalAlpha = 0.45;
  line(pen, drawn);
  pen.globalAlpha = 1;
  line(pen, thinned(places.slice(0, at + 1)));
  if (steps.length < width / 8) places.slice(0, at + 1).forEach((place) => disc(pen, place, 2.5));
  pen.globalAlpha = 0.6;
  pen.fillRect(places[at].x - 0.5, 0, 1, height);
  pen.globalAlpha = 1;
  disc(pen, places[at], 5);
  pen.font = `12px ${font}`;
  pen.textAlign = "left";
  pen.lineWidth = 3;
  pen.strokeStyle = colours.halo;
  const tick = TICKS.findLast((tick) => tick <= most);
  for (const [logit, label, colour] of [[tick, classes[1], "positive"], [-tick, classes[0], "negative"]]) {
    pen.fillStyle = colours[colour];
    pen.fillRect(0, y(logit) - 0.5, 5, 1);
    pen.strokeText(`${signed(logit)} ${label}`, 8, y(logit));
    pen.fillText(`${signed(logit)} ${label}`, 8, y(logit));
  }
};

const TICKS = [1, 2, 5, 10, 20, 50, 100, 1000];

const grouped = (n) => n.toLocaleString("en");
const counted = (n) => `${grouped(n)} token${n === 1 ? "" : "s"}`;

/* In marks that keep the direction of a word's letters to the word. */
const quoted = (token) => `“\u2068${token}\u2069”`;

/* What a step's word does alone, and what the network made of it. */
const effects = ({ known, push, change }) =>
  `${known ? "" : ", unknown"}: alone ${signed(push, 2)}, network ${signed(change, 2)}`;

const PAGE = `
<section class="reading" aria-label="Live reader">
  <p class="title"></p>
  <div class="writing">
    <label class="ask" for="text">Type a review</label>
    <textarea class="text" id="text" dir="auto" rows="3" autocomplete="off" autocapitalize="off"
      spellcheck="false"></textarea>
    <div class="examples" role="group" aria-label="Examples"></div>
  </div>
  <div class="heard">
    <p class="answer"><b class="class"></b> <span class="when"></span></p>
    <div class="key">
      <span class="colourings" role="group" aria-label="What colours the words">
        <button type="button" value="change">What the network did</button>
        <button type="button" value="push">Push of the word alone</button>
      </span>
      <span class="scale"><span class="least"></span><span class="ramp"></span><span class="most"></span></span>
    </div>
    <p class="hint meaning"></p>
    <div class="chips" role="group" aria-label="The words as the network reads them"></div>
    <p class="about"></p>
    <p class="notice"></p>
  </div>
  <div class="stage">
    <canvas class="portrait" role="img" aria-label="The state in the plane of the first two principal components, on its
      way along the line; behind it the density of the states to which real texts lead."></canvas>
  </div>
  <div class="panel">
    <p class="hint">The logit after each token</p>
    <canvas class="course" role="img" aria-label="The logit after each token"></canvas>
    <input class="at" type="range" min="0" aria-label="Tokens read">
    <div class="transport" role="group" aria-label="Time">
      <button type="button" class="play"></button>
      <button type="button" class="back">Back</button>
      <button type="button" class="step">Step</button>
    </div>
  </div>
  <div class="notes">
    <p class="legend">
      <span>${icon('<rect x="1" y="3" width="14" height="10" rx="4" fill="var(--negative)" opacity="0.5"/>')}
        <span class="texts0"></span></span>
      <span>${icon('<rect x="1" y="3" width="14" height="10" rx="4" fill="var(--positive)" opacity="0.5"/>')}
        <span class="texts1"></span></span>
      <span>${icon('<path d="M3 8 8 3 13 8 8 13Z" fill="var(--slow)" stroke="currentColor"/>')} line attractor, no
        input</span>
      <span>${icon('<path d="M8 0V16" stroke="currentColor" stroke-dasharray="3 2.5"/>')} readout zero</span>
      <span>${ICONS.state} state</span>
      <span>${icon('<circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" stroke-width="2"/>')} start</span>
    </p>
  </div>
  <p class="caption"></p>
  <p class="spoken" aria-live="polite"></p>
</section>`;

/* What colours the words: a number of each step, the value that gets the full colour, and what it means. */
const COLOURINGS = {
  change: "By how much the logit changed when the network read the word, after all that came before it.",
  push: "ℓ₁ᵀ J x: where the word alone pushes along the line, at the point next to the state.",
};

class Reading extends Live {
  static template = PAGE;
  #reader;
  #plane;
  #strong; // by colouring, the value that gets the full colour
  #tokens = [];
  #total = 0; // tokens of the text, also of one that is too long
  #steps = []; // those that are read, the start first
  #turn; // of the present reading: a later one ends it
  #at = 0;
  #follows = true; // the last step read, until the reader goes elsewhere
  #colouring = "change";
  #waiting; // timers of the reading and of the speaking
  #speaking;

  open() {
    this.read(this.model.examples[0] ?? "");
  }

  // ---- reading -----------------------------------------------------------------------------------------------------

  /* Read a text, from the first token on that is not as before; a long one in slices, so that the page never waits. */
  async read(text) {
    const { text: box } = this.ui;
    if (box.value !== text) box.value = text;
    clearTimeout(this.#waiting);
    clearTimeout(this.#speaking);
    this.pause();
    this.#follows = true;
    const tokens = tokenize(text);
    this.#total = tokens.length;
    tokens.length = Math.min(tokens.length, LONGEST);
    const steps = this.#steps;
    const changed = tokens.findIndex((token, i) => token !== steps[i + 1]?.token);
    steps.length = 1 + (changed < 0 ? tokens.length : changed);
    this.#tokens = tokens;
    this.#offerChips();
    const turn = (this.#turn = {});
    for (;;) {
      const deadline = performance.now() + SLICE;
      while (steps.length <= tokens.length && performance.now() < deadline) {
        steps.push(this.#reader.after(steps.at(-1), tokens[steps.length - 1]));
      }
      if (this.#follows) this.#at = steps.length - 1;
      this.draw();
      if (steps.length > tokens.length) break;
      await new Promise((resolve) => setTimeout(resolve));
      if (turn !== this.#turn) return null;
    }
    return steps.slice(1);
  }

  tokens(text) {
    return tokenize(text);
  }

  get at() {
    return this.#at;
  }

  set at(at) {
    this.pause();
    this.#follows = false;
    this.#at = Math.max(0, Math.min(this.#steps.length - 1, Math.round(at) || 0));
    this.draw();
  }

  play() {
    if (this.#at >= this.#tokens.length) this.#at = 0;
    this.#follows = false;
    super.play();
  }

  tick() {
    this.at += 1;
  }

  /* What the network says after so many tokens: the class, and its probability. */
  #said(at) {
    if (!at) return ["Nothing read yet", ""];
    const { logit } = this.#steps[at];
    const share = 100 * sigmoid(Math.abs(logit));
    return [this.model.classes[Number(logit > 0)], share > 99.5 ? "> 99 %" : `${Math.round(share)} %`];
  }

  #verdict(at) {
    const [name, share] = this.#said(at);
    return share ? `${name} (${share})` : name;
  }

  get #unknown() {
    return [...new Set(this.#steps.filter(({ known }) => !known).map(({ token }) => token))];
  }

  #summary() {
    const { length } = this.#tokens;
    if (!length) return "Nothing to read";
    const unknown = this.#unknown.length;
    return `${this.#verdict(length)} after ${counted(length)}${unknown ? `, ${unknown} unknown` : ""}`;
  }

  // ---- building ----------------------------------------------------------------------------------------------------

  build(model, ui) {
    this.#reader = new Reader(model);
    this.#steps = [this.#reader.start];
    this.#plane = new Plane(ui.portrait, model, this.#reader);
    this.#strong = { change: STRONG, push: model.strong };

    model.classes.forEach((name, k) => (ui[`texts${k}`].textContent = `states in ${name} texts`));
    ui.examples.append(...model.examples.map((example) => {
      const short = example.length > EXAMPLE ? `${example.slice(0, EXAMPLE).trimEnd()}…` : example;
      const onclick = () => this.#take(example);
      return make("button", { type: "button", dir: "auto", textContent: short, onclick });
    }));

    ui.text.oninput = () => {
      clearTimeout(this.#waiting);
      clearTimeout(this.#speaking);
      this.#waiting = setTimeout(() => this.#hear(ui.text.value), PATIENCE);
    };
    // Pages have shortcuts of their own, and take a field in a shadow root for none.
    ui.text.onkeydown = (event) => event.stopPropagation();
    ui.colourings.onclick = ({ target }) => {
      this.#colouring = target.value || this.#colouring;
      this.draw();
    };
    ui.at.oninput = () => (this.at = Number(ui.at.value));
    ui.back.onclick = () => (this.at -= 1);
    this.#listenToChips();
  }

  /* Read what the reader wrote, and say what the network makes of it. */
  async #hear(text) {
    if (await this.read(text)) {
      this.#speaking = setTimeout(() => write(this.ui.spoken, this.#summary()), QUIET);
    }
  }

  /* An example is played, where motion is welcome. */
  #take(example) {
    this.#hear(example);
    if (reducedMotion.matches) return;
    this.at = 0;
    this.play();
  }

  #listenToChips() {
    const { chips } = this.ui;
    const go = ({ target }) => {
      const index = [...chips.children].indexOf(target.closest("button"));
      if (index >= 0 && index + 1 !== this.#at) this.at = index + 1;
    };
    chips.onclick = go;
    chips.addEventListener("focusin", go);
    // What comes to lie under a resting mouse was not pointed at; and a finger that moves scrolls.
    chips.onpointermove = (event) => event.pointerType === "mouse" && go(event);
    chips.onkeydown = (event) => {
      const forward = chips.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
      const moves = { ArrowLeft: -1, ArrowRight: -1, [forward]: 1 };
      const chip = chips.children[this.#at - 1 + moves[event.key]];
      if (!chip) return;
      event.preventDefault();
      chip.focus();
    };
  }

  /* A button for each of the first tokens. One of them is in the tab order; from there the arrow keys lead on. */
  #offerChips() {
    const { chips, text } = this.ui;
    chips.dir = getComputedStyle(text).direction;
    const tokens = this.#tokens.slice(0, CHIPS);
    tokens.forEach((token, i) => {
      if (chips.children[i]?.textContent === token) return;
      const chip = make("button", { type: "button", className: "chip", dir: "auto", tabIndex: -1, textContent: token });
      i < chips.children.length ? chips.children[i].replaceWith(chip) : chips.append(chip);
    });
    while (chips.children.length > tokens.length) chips.lastChild.remove();
  }

  // ---- drawing -----------------------------------------------------------------------------------------------------

  paint() {
    this.#paintControls();
    this.#paintChips();
    this.#paintNotice();
    const picture = { steps: this.#steps, at: this.#at, colours: this.colours };
    this.#plane.paint({ ...picture, phase: reducedMotion.matches ? 1 : this.phase });
    paintCourse(this.ui.course, this.#steps, this.#at, this.#tokens.length, this.model.classes, this.colours);
  }

  advance(seconds) {
    const { length } = this.#tokens;
    this.phase += seconds * Math.max(PACE, length / LASTING);
    while (this.phase >= 1 && this.#at < this.#steps.length - 1) {
      this.#at++;
      this.phase--;
    }
    // At the last step read: the end of the text, or as far as the network has come.
    if (this.phase >= 1) this.#at < length ? (this.phase = 1) : this.pause();
  }

  #paintControls() {
    const ui = this.ui;
    const { length } = this.#tokens;
    const [at, step] = [this.#at, this.#steps[this.#at]];
    const [name, share] = this.#said(at);
    write(ui.class, share ? `${step.logit > 0 ? "▲" : "▼"} ${name} (${share})` : name);
    ui.class.dataset.side = share && (step.logit > 0 ? "positive" : "negative");
    const read = `${at < length ? `${grouped(at)} of ` : ""}${counted(length)}`;
    write(ui.when, at ? `after ${read}, logit ${signed(step.logit, 2)}` : "");
    write(ui.about, at ? `${quoted(step.token)}${effects(step)}` : length ? "Before the first token." : "");
    ui.play.disabled = !length;
    ui.back.disabled = at === 0;
    ui.step.disabled = at === this.#steps.length - 1;
    ui.at.max = Math.max(length, 1);
    ui.at.disabled = !length;
    ui.at.value = at;
    const heard = at ? `${at} of ${length}: ${step.token}, ${this.#verdict(at)}` : name;
    if (ui.at.ariaValueText !== heard) ui.at.ariaValueText = heard;
    for (const button of ui.colourings.children) button.ariaPressed = button.value === this.#colouring;
    write(ui.meaning, COLOURINGS[this.#colouring]);
    const strong = this.#strong[this.#colouring];
    write(ui.least, `▼ ${signed(-strong, 1)}`);
    write(ui.most, `${signed(strong, 1)} ▲`);
  }

  #paintChips() {
    const strong = this.#strong[this.#colouring];
    const { chips } = this.ui;
    const { children } = chips;
    const reachable = Math.min(Math.max(this.#at, 1), children.length) - 1;
    for (let i = 0; i < children.length; i++) {
      const chip = children[i];
      const step = this.#steps[i + 1];
      const value = step?.[this.#colouring] ?? 0;
      const share = Math.min(1, Math.abs(value) / strong) || 0;
      const side = share < 0.1 ? "" : value > 0 ? "positive" : "negative";
      const [known, ahead] = [step?.known ?? true, i >= this.#at];
      const key = `${value} ${strong} ${known} ${ahead} ${i + 1 === this.#at} ${i === reachable}`;
      if (chip.painted === key) continue; // writing to hundreds of elements in each frame would take too long
      chip.painted = key;
      chip.dataset.side = side;
      chip.style.setProperty("--share", `${(100 * share).toFixed(1)}%`);
      chip.classList.toggle("unknown", !known);
      chip.classList.toggle("ahead", ahead);
      chip.ariaCurrent = i + 1 === this.#at ? "step" : null;
      chip.tabIndex = i === reachable ? 0 : -1;
      chip.ariaLabel = step ? `${step.token}${effects(step)}` : chip.textContent;
      if (i + 1 !== this.#at) continue;
      const [top, bottom] = [chip.offsetTop, chip.offsetTop + chip.offsetHeight];
      chips.scrollTop = Math.min(top, Math.max(chips.scrollTop, bottom - chips.clientHeight));
    }
  }

  /* What is to be said of the text: that there is none, that words are unknown, that it is long. */
  #paintNotice() {
    const { length } = this.#tokens;
    const unknown = this.#unknown;
    const sentences = [];
    if (!length) sentences.push("There is nothing to read yet: type a few words, or take an example.");
    if (unknown.length) {
      const [named, more] = [unknown.slice(0, 6), unknown.length - 6];
      const list = named.map(quoted).join(", ") + (more > 0 ? ` and ${grouped(more)} more` : "");
      sentences.push(`Unknown, read as nothing (x = 0): ${list}.`);
    }
    if (length && this.#steps.length > length && this.#steps.slice(1).every(({ known }) => !known)) {
      sentences.push("The network knows none of these words: what it says is where it drifts without any input.");
    }
    if (length > CHIPS) sentences.push(`The first ${CHIPS} of ${grouped(this.#total)} tokens are shown as words.`);
    if (this.#total > length) sentences.push(`The first ${grouped(length)} tokens are read.`);
    if (this.#steps.length <= length) sentences.push(`Reading: ${grouped(this.#steps.length - 1)} so far.`);
    write(this.ui.notice, sentences.join(" "));
  }
}

customElements.define("rnnlab-reading", Reading);
