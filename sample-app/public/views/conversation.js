import { setText } from "./element.js";

const HEADER = ["#room-title", "#show-members", "#leave-room"];

/** The room on the screen: its header, what stands in the place of messages, and who is typing. */
export class ConversationView {
  #app = document.querySelector("#app");
  #conversation = document.querySelector("#conversation");
  #title = document.querySelector("#room-title");
  #memberCount = document.querySelector("#member-count");
  #memberNoun = document.querySelector("#member-noun");
  #empty = document.querySelector("#empty-room");
  #typing = document.querySelector("#typing");
  #noRoomText = document.querySelector("#no-room-text");
  #shown = null;

  constructor({ onLeave }) {
    document.querySelector("#leave-room").addEventListener("click", onLeave);
  }

  render({ room, phase, notice }) {
    this.#app.dataset.screen = room === null ? "rooms" : "conversation";
    this.#conversation.dataset.room = room === null ? "none" : "one";
    for (const part of HEADER) document.querySelector(part).hidden = room === null;
    setText(this.#noRoomText, notice || "Pick a room from the list, or open one of your own.");
    if (room !== null) this.#showRoom(room, phase);
    this.#shown = room;
  }

  #showRoom(room, phase) {
    setText(this.#title, room.name);
    setText(this.#memberCount, String(room.members.size));
    setText(this.#memberNoun, room.members.size === 1 ? "person" : "people");
    this.#empty.hidden = room.messages.length > 0;
    setText(this.#empty, room.entered ? "Nobody has said anything here yet. Say hello." : waitingText(phase));
    setText(this.#typing, typingText([...room.typing.keys()]));
    if (room !== this.#shown) this.#moveFocus();
  }

  /** Keyboard users go on where the room begins; on touch screens the keyboard stays down. */
  #moveFocus() {
    const target = matchMedia("(pointer: fine)").matches ? document.querySelector("#text") : this.#title;
    target.focus({ preventScroll: true });
  }
}

function waitingText(phase) {
  return phase === "online" ? "Going in…" : "Waiting for the connection…";
}

// First-strong isolates: a name in another direction does not turn the sentence around.
function typingText(names) {
  const shown = names.map((name) => `\u2068${name}\u2069`);
  if (shown.length === 0) return "";
  if (shown.length === 1) return `${shown[0]} is typing…`;
  if (shown.length === 2) return `${shown[0]} and ${shown[1]} are typing…`;
  return "Several people are typing…";
}
