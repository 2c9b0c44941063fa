const TYPING_REPEAT_MS = 1_500;

/** Where messages are written: Enter sends, Shift+Enter begins a new line. Each room keeps what was begun there. */
export class ComposerView {
  #form = document.querySelector("#composer");
  #text = document.querySelector("#text");
  #onSend;
  #onTyping;
  #mentionedAt = -Infinity;
  #room = null;
  #drafts = new WeakMap();

  constructor({ onSend, onTyping }) {
    this.#onSend = onSend;
    this.#onTyping = onTyping;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener("input", () => {
      this.#fit();
      this.#mentionTyping();
    });
  }

  render({ room }) {
    if (room === this.#room) return;
    if (this.#room !== null) this.#drafts.set(this.#room, this.#text.value);
    this.#text.value = room === null ? "" : (this.#drafts.get(room) ?? "");
    this.#room = room;
    this.#mentionedAt = -Infinity;
    this.#fit();
  }

  #send() {
    const text = this.#text.value.trim();
    if (text === "") return;
    this.#text.value = "";
    this.#mentionedAt = -Infinity;
    this.#fit();
    this.#onSend(text);
    this.#text.focus();
  }

  /** As high as its text; the style sheet sets the limit. */
  #fit() {
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight}px`;
  }

  #mentionTyping() {
    const active = this.#text.value.trim() !== "";
    if (active && performance.now() - this.#mentionedAt < TYPING_REPEAT_MS) return;
    this.#mentionedAt = active ? performance.now() : -Infinity;
    this.#onTyping(active);
  }
}
