const ITEM = "rookery-chat";

/**
 * Who this tab is: a name, a secret that lets it take its name back after a lost connection, and its rooms.
 * Kept for the tab alone, so that a reload comes back to the same place.
 */
export class Identity {
  name = "";
  key = randomHex(16);
  rooms = [];

  static load() {
    const identity = new Identity();
    try {
      Object.assign(identity, JSON.parse(sessionStorage.getItem(ITEM) ?? "{}"));
    } catch {
      // Storage is switched off or holds something else: the tab starts afresh.
    }
    return identity;
  }

  save() {
    try {
      sessionStorage.setItem(ITEM, JSON.stringify(this));
    } catch {
      // Storage is switched off: a reload asks for the name again.
    }
  }

  forget() {
    this.name = "";
    this.rooms = [];
    this.save();
  }
}

/** crypto.randomUUID() is missing when the page is opened by address from a phone in the same network (no https). */
export function randomHex(bytes) {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
