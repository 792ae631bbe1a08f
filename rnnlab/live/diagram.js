/* The diagram of an automaton: the geometry of rnnlab/plots/diagram.py as inline SVG, in which states light up.
 *
 * Needs a page with an <svg>, and the "diagram" of the model's task.
 */

const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 17; // of a state's circle, in pixels where there is room

const shape = (tag, attributes, ...children) => {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

/* Tip and tail of an arrowhead that arrives at a point from another one. */
const head = ([x, y], [fromX, fromY]) => {
  const angle = Math.atan2(y - fromY, x - fromX);
  const wing = (turn) => [x - 9 * Math.cos(angle + turn), y - 9 * Math.sin(angle + turn)];
  return shape("path", { class: "head", d: `M${wing(0.4)}L${[x, y]}L${wing(-0.4)}Z` });
};

export class Diagram {
  #nodes;
  #arrows;
  #machine;
  #rules; // in words
  #svg;

  constructor(svg, machine) {
    [this.#svg, this.#machine] = [svg, machine];
    const { radius, start, nodes, arrows } = machine;
    const r = RADIUS;
    const place = (point) => point.map((value, i) => ((i ? -r : r) * value) / radius);

    this.#arrows = arrows.map(({ label, curve, place: at }) => {
      const [a, b, c, d] = curve.map(place);
      const [x, y] = place(at);
      return shape(
        "g",
        { class: "arrow" },
        shape("path", { d: `M${a}C${b} ${c} ${d}` }),
        head(d, c),
        shape("text", { x, y }, label),
      );
    });
    this.#nodes = nodes.map(({ name, note, accepting, place: at }) => {
      const [cx, cy] = place(at);
      const node = shape("g", { class: "node" }, shape("circle", { cx, cy, r }));
      if (accepting) node.append(shape("circle", { class: "accepting", cx, cy, r: 0.8 * r }));
      node.append(shape("text", { x: cx, y: note ? cy - 5 : cy }, name));
      if (note) node.append(shape("text", { class: "note", x: cx, y: cy + 8 }, note));
      return node;
    });
    const [x, y] = place(nodes[start].place);
    const entry = shape(
      "g",
      { class: "arrow" },
      shape("path", { d: `M${x - 2.4 * r} ${y}H${x - r}` }),
      head([x - r, y], [x - 2 * r, y]),
    );
    svg.append(entry, ...this.#arrows, ...this.#nodes);

    // Room for all that is drawn; a Bézier curve stays among its control points.
    const discs = nodes.map((node) => [place(node.place), 1.1 * r]);
    const curves = arrows.flatMap(({ curve, place: at }) => [...curve.map((p) => [place(p), 2]), [place(at), 0.6 * r]]);
    const extent = [...discs, ...curves, [[x - 2.4 * r, y], 2]];
    const [left, top] = [0, 1].map((i) => Math.min(...extent.map(([p, reach]) => p[i] - reach)));
    const [right, bottom] = [0, 1].map((i) => Math.max(...extent.map(([p, reach]) => p[i] + reach)));
    const name = (i) => nodes[i].name;
    const rules = arrows.map(({ source, target, label }) => `${name(source)} to ${name(target)} with ${label}`);
    this.#rules = `The automaton: ${rules.join("; ")}.`;
    svg.setAttribute("viewBox", [left, top, right - left, bottom - top].map(Math.round).join(" "));
    svg.setAttribute("width", Math.round(right - left));
  }

  /* Light the state of a memory, and the arrow that led to it. */
  paint({ state }, before, symbol) {
    const { nodes, arrows } = this.#machine;
    this.#nodes.forEach((node, i) => node.classList.toggle("lit", i === state));
    this.#arrows.forEach((arrow, i) => {
      const { source, target, label } = arrows[i];
      const taken = source === before?.state && target === state && label.split(", ").includes(String(symbol));
      arrow.classList.toggle("lit", taken);
    });
    const told = `${this.#rules} ${state === null ? "Its state is not known." : `It is in ${nodes[state].name}.`}`;
    if (this.#svg.ariaLabel !== told) this.#svg.ariaLabel = told;
  }
}
