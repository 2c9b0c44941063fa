import { element } from "./element.js";

const TEXTS = {
  lost: { text: "Connection lost. Reconnecting…", button: "Try now" },
  replaced: { text: "You went on in another tab.", button: "Use this one" },
};

/** How the connection is, when it is not well. */
export class BannerView {
  #banner = document.querySelector("#banner");
  #onRetry;

  constructor({ onRetry }) {
    this.#onRetry = onRetry;
  }

  render({ phase }) {
    if (this.#banner.dataset.phase === phase) return;
    this.#banner.dataset.phase = phase;
    this.#banner.replaceChildren(...this.#contentOf(TEXTS[phase]));
  }

  #contentOf(content) {
    if (content === undefined) return [];
    const button = element("button", { type: "button", class: "banner-button" }, content.button);
    button.addEventListener("click", this.#onRetry);
    return [element("span", {}, content.text), button];
  }
}
