/* <rnnlab-chooser data-choices='["name", "choice", …]'> around one player for each choice: all but one are hidden, and
 * what is hidden does not run.
 *
 * Needs a page, and STYLE as the players do.
 */

import { make } from "./elements.js";

class Chooser extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const [name, ...choices] = JSON.parse(this.dataset.choices);
    const buttons = choices.map((choice, i) => {
      const onclick = () => {
        [...this.children].forEach((player, k) => (player.hidden = k !== i));
        buttons.forEach((button, k) => (button.ariaPressed = k === i));
      };
      return make("button", { type: "button", textContent: choice, ariaPressed: i === 0, onclick });
    });
    const group = make(
      "div",
      { className: "choices", role: "group", ariaLabel: name },
      make("span", { textContent: name }),
      ...buttons,
    );
    this.attachShadow({ mode: "open" }).append(make("style", { textContent: STYLE }), group, make("slot", {}));
  }
}

customElements.define("rnnlab-chooser", Chooser);
