import { element, syncList } from "./element.js";
import { createMessage, updateMessage } from "./message.js";

const NEAR_BOTTOM_PX = 80;

/** The messages. Each room gets a list of its own, so that a screen reader reads what arrives and not what is there. */
export class LogView {
  #frame = document.querySelector("#log-frame");
  #toNewest = document.querySelector("#to-newest");
  #list = element("ol");
  #room = null;
  #newest = null;
  /** The person reads the newest messages, and has not scrolled up to older ones. */
  #isFollowing = true;

  constructor({ onRetry }) {
    this.#toNewest.addEventListener("click", () => this.#scrollToEnd());
    this.#frame.addEventListener("click", ({ target }) => {
      const retry = target.closest("[data-retry]");
      if (retry !== null) onRetry(retry.closest("[data-id]").dataset.id);
    });
    new ResizeObserver(() => {
      if (this.#isFollowing) this.#scrollToEnd();
    }).observe(this.#frame);
  }

  render({ room, me }) {
    if (room !== this.#room) this.#replaceList(room);
    if (room === null) return;

    const update = (node, message, previous) => {
      updateMessage(node, { message, previous, me });
    };
    syncList(this.#list, room.messages, { key: ({ id }) => id, create: createMessage, update });
    this.#follow(room.messages.at(-1), me);
  }

  #replaceList(room) {
    const label = { class: "log", role: "log", "aria-relevant": "additions", "aria-label": "Messages", tabindex: "0" };
    this.#list.remove();
    this.#list = element("ol", label);
    this.#list.addEventListener("scroll", () => {
      this.#isFollowing = this.#isAtEnd();
      if (this.#isFollowing) this.#toNewest.hidden = true;
    });
    this.#frame.prepend(this.#list);
    this.#room = room;
    this.#newest = null;
    this.#isFollowing = true;
    this.#toNewest.hidden = true;
  }

  #follow(newest, me) {
    const isNew = newest !== this.#newest;
    this.#newest = newest;
    if (this.#isFollowing || (isNew && newest.from === me)) this.#scrollToEnd();
    else if (isNew) this.#toNewest.hidden = false;
  }

  #isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    return scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
  }

  #scrollToEnd() {
    this.#isFollowing = true;
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#toNewest.hidden = true;
  }
}
