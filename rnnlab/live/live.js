/* What the players share: how they are built and shown, their time, and icons and colours for it.
 *
 * Needs a page, and STYLE, the text of the player's style sheets, which rnnlab/live/page.py passes to the bundle.
 *
 * A player extends Live. It has a `static template`, with its picture as the first canvas, and says
 *   build(model, ui)  how it is built of the JSON that Python wrote, with the template's elements by class
 *   step()            a step of its time; tick(), where the transport and the clock do more than that
 *   paint()           how it is drawn; returns whether more is to be drawn
 */

import { make, write } from "./elements.js";

export const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

export const icon = (drawing) => `<svg viewBox="0 0 16 16" aria-hidden="true">${drawing}</svg>`;
export const ICONS = {
  stable: icon('<circle cx="8" cy="8" r="6" fill="var(--stable)"/>'),
  saddle: icon(`<circle cx="8" cy="8" r="6.5" fill="none" stroke="var(--saddle1)" stroke-width="1.5"/>
    <text x="8" y="11.2" text-anchor="middle" font-size="9" fill="var(--saddle1)">1</text>`),
  state: icon(`<path d="M1 13 8 5" stroke="var(--trajectory)" stroke-width="2"/>
    <circle cx="10" cy="4" r="4" fill="var(--trajectory)"/>`),
};

export const numbers = (values, size, name) => {
  const array = Float64Array.from(values);
  if (array.length !== size) throw new RangeError(`the ${name} has ${size} numbers, not ${array.length}`);
  if (!array.every(Number.isFinite)) throw new RangeError(`the ${name} must be finite, not ${array}`);
  return array;
};

/* Red, green and blue, 0 to 255, of any CSS colour. */
export const rgb = (colour) => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return Array.from(pen.getImageData(0, 0, 1, 1).data.slice(0, 3));
};
const lighter = (colour) => `rgb(${rgb(colour).map((value) => Math.round(value + 0.42 * (255 - value)))})`;

/* The colours that an element draws with on the page as it is, set as its custom properties too; `before` if they hold.
   The flow stays in the background of light and dark pages. */
const restyled = (element, colours, before) => {
  const text = getComputedStyle(element).color;
  if (text === before?.text) return before;
  const dark = rgb(text).reduce((sum, value) => sum + value) > 382;
  const now = { text, halo: dark ? "#121212" : "#ffffff" };
  for (const [name, colour] of Object.entries(colours)) now[name] = dark && name !== "flow" ? lighter(colour) : colour;
  for (const [name, colour] of Object.entries(now)) element.style.setProperty(`--${name}`, colour);
  return now;
};

export class Live extends HTMLElement {
  model; // the JSON
  ui = {}; // elements by class: of several classes by the last
  colours; // on the page as it is
  playing = false;
  phase = 1; // the part gone of the time between the last step and the next one
  #visible = false;
  #time = 0; // of the last frame, in ms
  #frame = 0;
  #watchers = [];

  connectedCallback() {
    const first = !this.model;
    if (first) this.#build();
    const seen = new IntersectionObserver((entries) => {
      this.#visible = entries.at(-1).isIntersecting;
      this.draw();
    });
    seen.observe(this);
    const sized = new ResizeObserver(() => this.draw());
    sized.observe(this.shadowRoot.querySelector("canvas"));
    // What sites and JupyterLab switch between light and dark; which it is, the colour of the text tells.
    const themed = new MutationObserver(() => this.draw());
    for (const root of [document.documentElement, document.body]) {
      themed.observe(root, { attributeFilter: ["class", "style", "data-theme", "data-jp-theme-light"] });
    }
    this.#watchers = [seen, sized, themed];
    if (first) this.open();
  }

  disconnectedCallback() {
    this.#watchers.forEach((watcher) => watcher.disconnect());
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  #build() {
    const model = (this.model = JSON.parse(this.dataset.model));
    const { ui } = this;
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = this.constructor.template;
    root.prepend(make("style", { textContent: STYLE }));
    for (const element of root.querySelectorAll("[class]")) ui[[...element.classList].at(-1)] ??= element;
    if (model.title) root.querySelector("section").ariaLabel = model.title;
    ui.title.textContent = model.title;
    ui.caption.textContent = model.caption;
    ui.play.onclick = () => (this.playing ? this.pause() : this.play());
    ui.step.onclick = () => {
      this.pause();
      this.tick();
    };
    this.build(model, ui);
  }

  /* What a page begins with. */
  open() {
    if (!reducedMotion.matches) this.play();
  }

  play() {
    this.playing = true;
    this.phase = 1;
    this.draw();
  }

  pause() {
    this.playing = false;
    this.phase = 1;
    this.draw();
  }

  get running() {
    return this.playing && this.#visible;
  }

  tick() {
    this.step();
  }

  advance(seconds) {
    let phase = this.phase + seconds * Number(this.ui.speed.value);
    for (; phase >= 1; phase--) this.tick();
    this.phase = phase;
  }

  draw() {
    this.#frame ||= requestAnimationFrame((time) => this.#paint(time));
  }

  #paint(time) {
    this.#frame = 0;
    if (!this.clientWidth) return; // hidden: nothing to draw on
    const { running } = this;
    // A slow frame delays the network; it does not make it jump.
    if (running) this.advance(Math.min((time - this.#time) / 1000, 0.1));
    this.#time = time;
    this.colours = restyled(this, this.model.colours, this.colours);
    write(this.ui.play, this.playing ? "Pause" : "Play");
    const unfinished = this.paint();
    if (running || unfinished) this.draw();
  }
}
