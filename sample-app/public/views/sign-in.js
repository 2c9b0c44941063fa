import { setText } from "./element.js";

export class SignInView {
  #section = document.querySelector("#sign-in");
  #form = this.#section.querySelector("form");
  #name = this.#form.elements.namedItem("name");
  #button = this.#form.querySelector("button");
  #error = document.querySelector("#name-error");

  constructor({ onEnter }) {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      onEnter(this.#name.value);
    });
    this.#name.addEventListener("input", () => this.#showError(""));
  }

  render({ phase, refusal }) {
    const wasHidden = this.#section.hidden;
    this.#section.hidden = phase !== "out" && phase !== "entering";
    this.#button.disabled = phase === "entering";
    setText(this.#button, phase === "entering" ? "Coming in…" : "Enter the chat");
    if (this.#section.hidden) return;
    this.#showError(refusal);
    if (wasHidden || (phase === "out" && refusal !== "")) this.#name.focus();
  }

  #showError(text) {
    setText(this.#error, text);
    this.#name.setAttribute("aria-invalid", String(text !== ""));
  }
}
