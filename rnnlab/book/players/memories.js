/* <rnnlab-memories data-model="…">: a network that has stored pictures, and recalls one from what it is shown of it.
 *
 * Needs a page, and the JSON that rnnlab.book.players.memories() writes.
 *
 * For the console:  p = document.querySelector("rnnlab-memories")
 *   p.state         the state, a Float64Array (a copy); assign one to set it
 *   p.picture       its signs, ±1; assign some to put a picture in
 *   p.overlaps      ⟨ξ Φ(h)⟩ for each memory ξ
 *   p.step()        one time step
 *   p.reset()       back to what was put in last
 *   p.play()  p.pause()
 */

import { make, write } from "../../live/elements.js";
import { Live, numbers, rgb } from "../../live/live.js";
import { CELLS, decode, dot, rows } from "../../live/network.js";
import { between, disc, line, sheet, uniform } from "../../live/pictures.js";
import { signed } from "../../live/words.js";

const DRAWN = 2; // |h| of a unit that is drawn: Φ(h) = ±0.96
const KEPT = 50; // steps of the overlaps in view
const ALIKE = 0.95; // share of the greatest possible overlap from which on a memory is recalled, and
const PARTLY = 0.2; // from which on the picture has something of it
const FADED = 0.05; // mean |Φ(h)| below which no picture is left
const RESTING = 0.01; // τ|ḣ| of all units, below which the network is at rest

const MEMORIES = `
<section class="memories" aria-label="Live memories">
  <p class="title"></p>
  <div class="stage">
    <canvas class="picture" role="application" tabindex="0" aria-describedby="help"></canvas>
    <p class="answer"><b class="words" aria-live="polite"></b> <span class="when"></span></p>
  </div>
  <div class="panel">
    <div class="settings" role="group" aria-label="The picture">
      <span class="changes">
        <button type="button" class="corrupt">Corrupt</button>
        <button type="button" class="invert">Invert</button>
        <button type="button" class="random">Random</button>
      </span>
      <label>Flips <input class="share" type="range" min="0" max="100" value="30"> <span class="percent"></span></label>
    </div>
    <p class="hint">Press a memory to put it in. Beside it: its overlap with the picture, from −1 to 1, now and over
      time.</p>
    <div class="rows overlaps"></div>
    <div class="transport" role="group" aria-label="Time">
      <button type="button" class="play"></button>
      <button type="button" class="step">Step</button>
      <button type="button" class="reset">Reset</button>
    </div>
    <div class="settings">
      <label>Speed <input class="speed" type="range" min="1" max="30" value="8"></label>
    </div>
  </div>
  <div class="notes">
    <p class="legend"><span class="scale">Φ(h) = −1 <span class="ramp"></span> +1</span></p>
    <p class="hint" id="help">Draw in the picture: a stroke paints the other sign, and stops the time; Play lets the
      network recall. With the keyboard, focus the picture: arrow keys move, space flips. Reset goes back to what was
      drawn or put in.</p>
  </div>
  <p class="caption"></p>
  <p class="spoken" aria-live="polite"></p>
</section>`;

/* The overlap of a memory over time, from −1 at the bottom to 1 at the top. */
const paintOverlap = (canvas, values, colours) => {
  const { pen, width, height } = sheet(canvas);
  const place = (value, step) => ({ x: 4 + ((width - 8) * step) / KEPT, y: height * (0.5 - 0.4 * value) });
  pen.fillStyle = colours.text;
  for (const [value, share] of [[-1, 0.2], [0, 0.4], [1, 0.2]]) {
    pen.globalAlpha = share;
    pen.fillRect(0, Math.round(place(value, 0).y), width, 1);
  }
  pen.globalAlpha = 1;
  pen.lineWidth = 1.75;
  pen.strokeStyle = pen.fillStyle = colours.trajectory;
  const places = values.map(place);
  line(pen, places);
  disc(pen, places.at(-1), 3);
};

class Memories extends Live {
  static template = MEMORIES;
  #network; // {m, n, rate}: m and n row by row, and dt/τ
  #patterns;
  #mixed; // between the colours of −1 and +1
  #state;
  #cue; // the state that was put in last
  #steps; // since then
  #past; // the overlaps of the last steps, the present at the end
  #cursor = 0; // the unit that the keyboard is at
  #brush; // of a stroke: its sign and its last place
  #chance = uniform(1);

  // ---- the network's time ------------------------------------------------------------------------------------------

  get state() {
    return this.#state.slice();
  }

  set state(state) {
    this.#state = numbers(state, this.#patterns[0].length, "state");
    this.#cue = this.#state.slice();
    this.#begin();
  }

  get picture() {
    return this.#state.map((h) => (h < 0 ? -1 : 1));
  }

  set picture(picture) {
    this.state = picture.map((sign) => DRAWN * sign);
  }

  get overlaps() {
    const rates = this.#state.map(Math.tanh);
    return this.#patterns.map((pattern) => dot(pattern, 0, rates) / rates.length);
  }

  step() {
    this.#state = this.#after(this.#state);
    this.#steps++;
    this.#past.push(this.overlaps);
    if (this.#past.length > KEPT + 1) this.#past.shift();
    this.draw();
    return this.state;
  }

  reset() {
    this.#state = this.#cue.slice();
    this.#begin();
  }

  /* What was put in is seen for a while before it changes. */
  play() {
    super.play();
    this.phase = 0;
  }

  /* h′ = h + dt/τ (−h + m κ̃), κ̃ = nᵀ Φ(h) / N. */
  #after(h) {
    return CELLS.LowRankRNN(new Float64Array(h.length), this.#network, h);
  }

  #begin() {
    this.#steps = 0;
    this.#past = [this.overlaps];
    this.draw();
  }

  get #rests() {
    const next = this.#after(this.#state);
    return next.every((value, i) => Math.abs(value - this.#state[i]) < RESTING * this.#network.rate);
  }

  /* What the picture shows, in words. */
  get #words() {
    const contrast = this.#state.reduce((sum, h) => sum + Math.abs(Math.tanh(h)), 0) / this.#state.length;
    if (contrast < FADED) return "faded: no picture is left";
    const shares = this.overlaps.map((overlap) => overlap / contrast); // ±1 for a memory and its inverse
    const order = [...shares.keys()].sort((k, l) => Math.abs(shares[l]) - Math.abs(shares[k]));
    const named = (k) => (shares[k] < 0 ? "inverse of " : "") + this.model.names[k];
    const best = shares[order[0]];
    if (Math.abs(best) >= ALIKE) return (this.#steps && best > 0 ? "recalled: " : "") + named(order[0]);
    const [first, ...others] = order.filter((k) => Math.abs(shares[k]) >= PARTLY).map(named);
    if (!first) return "like none of the memories";
    return others.length ? `a mixture of ${[first, ...others].join(", ")}` : `somewhat like ${first}`;
  }

  // ---- what the reader does ----------------------------------------------------------------------------------------

  /* Flip a share of the units, chosen at random. */
  #corrupt(share) {
    const picture = this.picture;
    const order = [...picture.keys()].map((i) => [this.#chance(), i]).sort(([p], [q]) => p - q);
    for (const [, i] of order.slice(0, Math.round(share * order.length))) picture[i] *= -1;
    this.picture = picture;
  }

  /* Give a unit a sign; the others stay as they are, and so does the time. */
  #paintUnit(unit, sign) {
    this.#state[unit] = DRAWN * sign;
    this.#cue = this.#state.slice();
    this.pause();
    this.#begin();
  }

  get #sign() {
    return this.#state[this.#cursor] < 0 ? -1 : 1;
  }

  #sayCursor() {
    const columns = this.model.shape[1];
    const [row, column] = [Math.floor(this.#cursor / columns), this.#cursor % columns];
    write(this.ui.spoken, `Row ${row + 1}, column ${column + 1}: ${signed(this.#sign)}`);
  }

  // ---- building ----------------------------------------------------------------------------------------------------

  build(model, ui) {
    const { m, n, rate } = model.network;
    this.#network = { m: decode(m), n: decode(n), rate };
    const [height, width] = model.shape;
    this.#patterns = rows(decode(model.patterns), height * width);
    // The same on a light and on a dark page: a picture is no text.
    const [low, high] = [model.colours.negative, model.colours.positive].map(rgb);
    this.#mixed = (r) => low.map((value, k) => Math.round(value + ((high[k] - value) * (r + 1)) / 2));

    this.style.setProperty("--aspect", width / height);
    ui.ramp.style.setProperty("--colours", `${model.colours.negative}, ${model.colours.positive}`);
    ui.picture.ariaLabel = `Picture of ${height} × ${width} units`;
    ui.readings = model.names.map(() => ({
      bar: make("span", { className: "overlap" }),
      trace: make("canvas", { className: "trace", ariaHidden: "true" }),
      value: make("span", { className: "value" }),
    }));
    ui.overlaps.append(...ui.readings.map(({ bar, trace, value }, k) => {
      const onclick = () => (this.picture = this.#patterns[k]);
      const button = make("button", { type: "button", onclick }, this.#thumbnail(k), model.names[k]);
      return make("div", { className: "row", role: "group", ariaLabel: model.names[k] }, button, bar, trace, value);
    }));

    ui.corrupt.onclick = () => this.#corrupt(Number(ui.share.value) / 100);
    ui.invert.onclick = () => (this.picture = this.picture.map((sign) => -sign));
    ui.random.onclick = () => (this.picture = this.picture.map(() => (this.#chance() < 0.5 ? -1 : 1)));
    ui.share.oninput = () => this.draw();
    ui.reset.onclick = () => this.reset();
    this.#listenToPicture();
    this.picture = this.#patterns[0];
    ui.corrupt.click();
  }

  /* A memory as a small picture of which each pixel is a unit. */
  #thumbnail(k) {
    const [height, width] = this.model.shape;
    const canvas = make("canvas", { className: "thumbnail", width, height, ariaHidden: "true" });
    const data = Uint8ClampedArray.from([...this.#patterns[k]].flatMap((sign) => [...this.#mixed(sign), 255]));
    canvas.getContext("2d").putImageData(new ImageData(data, width), 0, 0);
    return canvas;
  }

  #listenToPicture() {
    const { picture } = this.ui;
    const [height, width] = this.model.shape;
    const within = (value, end) => Math.max(0, Math.min(end - 1, Math.floor(value)));
    const placed = ({ offsetX, offsetY }) => ({
      x: within((width * offsetX) / picture.clientWidth, width),
      y: within((height * offsetY) / picture.clientHeight, height),
    });
    picture.onpointerdown = (event) => {
      if (event.button || !event.isPrimary) return;
      const place = placed(event);
      this.#cursor = width * place.y + place.x;
      this.#brush = { sign: -this.#sign, place };
      this.#paintUnit(this.#cursor, this.#brush.sign);
      picture.setPointerCapture(event.pointerId);
    };
    picture.onpointermove = (event) => {
      if (!this.#brush || !event.isPrimary) return;
      const [from, to] = [this.#brush.place, placed(event)];
      // A fast pointer leaps over pixels: they lie on the line.
      const leap = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y));
      for (let i = 1; i <= leap; i++) {
        const { x, y } = between(from, to, i / leap);
        this.#cursor = width * Math.round(y) + Math.round(x);
        this.#paintUnit(this.#cursor, this.#brush.sign);
      }
      this.#brush.place = to;
    };
    picture.onpointerup = picture.onpointercancel = (event) => event.isPrimary && (this.#brush = null);
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    picture.onkeydown = (event) => {
      const arrow = arrows[event.key];
      if (event.ctrlKey || event.altKey || event.metaKey || !(arrow || event.key === " ")) return;
      event.preventDefault();
      // Pages have shortcuts of their own, also under the arrow keys.
      event.stopPropagation();
      if (arrow) {
        const x = within((this.#cursor % width) + arrow[0], width);
        const y = within(Math.floor(this.#cursor / width) + arrow[1], height);
        this.#cursor = width * y + x;
        this.draw();
      } else this.#paintUnit(this.#cursor, -this.#sign);
      this.#sayCursor();
    };
    picture.onfocus = picture.onblur = () => this.draw();
  }

  // ---- drawing -----------------------------------------------------------------------------------------------------

  paint() {
    this.#paintControls();
    this.#paintPicture();
  }

  #paintControls() {
    const ui = this.ui;
    write(ui.percent, `${ui.share.value} %`);
    if (ui.share.ariaValueText !== ui.percent.textContent) ui.share.ariaValueText = ui.percent.textContent;
    write(ui.words, this.#words);
    const passed = (this.#steps * this.#network.rate).toFixed(1);
    write(ui.when, `t = ${passed} τ${this.#steps && this.#rests ? ", at rest" : ""}`);
    ui.readings.forEach(({ bar, trace, value }, k) => {
      const course = this.#past.map((overlaps) => overlaps[k]);
      const overlap = course.at(-1);
      write(value, signed(Math.round(100 * overlap) / 100, 2)); // never −0.00
      bar.style.setProperty("--overlap", overlap);
      bar.dataset.side = overlap < 0 ? "negative" : "positive";
      paintOverlap(trace, course, this.colours);
    });
  }

  #paintPicture() {
    const { picture } = this.ui;
    const { pen, width, height } = sheet(picture);
    const [down, across] = this.model.shape;
    const gap = width / across > 8 ? 1 : 0;
    const [x, y] = [(i) => Math.round((width * i) / across), (j) => Math.round((height * j) / down)];
    const box = (unit) => {
      const [i, j] = [unit % across, Math.floor(unit / across)];
      return [x(i), y(j), x(i + 1) - x(i) - gap, y(j + 1) - y(j) - gap];
    };
    this.#state.forEach((h, unit) => {
      pen.fillStyle = `rgb(${this.#mixed(Math.tanh(h))})`;
      pen.fillRect(...box(unit));
    });
    if (this.shadowRoot.activeElement !== picture || !picture.matches(":focus-visible")) return;
    for (const [colour, thickness] of [["#ffffff", 4], ["#000000", 2]]) {
      pen.lineWidth = thickness;
      pen.strokeStyle = colour;
      pen.strokeRect(...box(this.#cursor));
    }
  }
}

customElements.define("rnnlab-memories", Memories);
