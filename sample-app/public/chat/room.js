const KEPT_MESSAGES = 200;
const UNSENT = new Set(["sending", "waiting", "failed"]);

/** One room this tab wants to be in: its messages, its people, and what has not been read. */
export class Room {
  /** False until the server has let us in, and again while the connection is lost. */
  entered = false;
  members = new Set();
  messages = [];
  typing = new Map();
  unread = 0;
  #byId = new Map();
  #known = false;

  constructor(name) {
    this.name = name;
  }

  /** Takes the server's reply to a join; messages that are here already are not shown twice. */
  enter({ members, history }, { me, isRead }) {
    this.members = new Set(members);
    this.typing.clear();
    for (const message of history) {
      const isNew = this.put(message);
      if (isNew && this.#known && !isRead && message.from !== me) this.unread += 1;
    }
    this.entered = this.#known = true;
  }

  /** Adds a message or completes the one with its id; true when it was not here before. */
  put(message) {
    const known = this.#byId.get(message.id);
    if (known !== undefined) this.messages.splice(this.messages.indexOf(known), 1);
    const kept = Object.assign(known ?? {}, message);
    if (message.delivered) kept.state = "delivered";
    else if (UNSENT.has(kept.state) && message.state === undefined) kept.state = "sent";
    this.#byId.set(kept.id, kept);
    this.messages.splice(this.#placeOf(kept), 0, kept);
    if (this.messages.length > KEPT_MESSAGES) this.#byId.delete(this.messages.shift().id);
    return known === undefined;
  }

  setState(id, state, reason) {
    const message = this.#byId.get(id);
    if (message !== undefined) Object.assign(message, { state, reason });
  }

  find(id) {
    return this.#byId.get(id);
  }

  /** What this person wrote and the server may not have. */
  get unsent() {
    return this.messages.filter(({ state }) => state === "waiting" || state === "sending");
  }

  #placeOf(message) {
    let place = this.messages.length;
    while (place > 0 && timeOf(this.messages[place - 1]) > timeOf(message)) place -= 1;
    return place;
  }
}

/** Unsent messages stand below all others. */
function timeOf({ state, sentAt }) {
  return UNSENT.has(state) ? Infinity : sentAt;
}
