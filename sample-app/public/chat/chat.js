import { Connection } from "./connection.js";
import { Identity } from "./identity.js";
import { Outbox } from "./outbox.js";
import { Room } from "./room.js";

const TYPING_SHOWN_MS = 4_000;

/**
 * The state of the page, without the page. Views read it and are told of changes by the "change" event, once for any
 * number of changes made together.
 */
export class Chat extends EventTarget {
  /** "out" (sign-in form), "entering", "online", "lost" (reconnecting), "replaced" (this person is in another tab). */
  phase = "out";
  /** Why the last attempt to enter or to join failed; for people. */
  refusal = "";
  notice = "";
  me = "";
  /** All rooms, as `{ name, members }`. */
  rooms = [];
  /** The rooms this tab wants to be in, by name. */
  joined = new Map();
  /** Name of the room on the screen, or null. */
  current = null;
  connection = null;
  outbox = new Outbox(this);
  #identity = Identity.load();
  #changed = false;

  get room() {
    return this.joined.get(this.current) ?? null;
  }

  get unread() {
    return [...this.joined.values()].reduce((sum, room) => sum + room.unread, 0);
  }

  /** Comes back after a reload, when somebody was signed in. */
  resume() {
    for (const name of this.#identity.rooms) this.joined.set(name, new Room(name));
    if (this.#identity.name === "") this.changed();
    else this.enter(this.#identity.name);
  }

  enter(name) {
    this.connection?.close();
    this.#identity.name = name;
    this.phase = this.me === "" ? "entering" : "lost";
    this.refusal = "";
    this.connection = new Connection({ name, key: this.#identity.key }, this.#handlers());
    this.changed();
  }

  exit(refusal = "") {
    this.connection.close();
    this.#identity.forget();
    this.joined.clear();
    Object.assign(this, { phase: "out", refusal, me: "", current: null });
    this.changed();
  }

  /** Now, and not at the next planned attempt; also from another tab back to this one. */
  retry() {
    if (this.phase === "replaced") this.enter(this.me);
    else this.connection.retry();
  }

  /** Puts a room on the screen and joins it first when needed; null shows the list alone. */
  async show(name) {
    this.current = name;
    this.look();
    if (name !== null && !this.joined.has(name)) await this.#join(name);
  }

  async leave(name) {
    this.joined.delete(name);
    if (this.current === name) this.current = null;
    this.#remember();
    if (this.connection.isOpen) await this.connection.request("room:leave", { room: name }).catch(() => undefined);
  }

  /** The person sees the room on the screen: it is read. */
  look() {
    if (this.room !== null && !document.hidden) this.room.unread = 0;
    this.changed();
  }

  mentionTyping(active) {
    if (this.room?.entered) this.connection.mention("typing", { room: this.room.name, active });
  }

  changed() {
    if (this.#changed) return;
    this.#changed = true;
    queueMicrotask(() => {
      this.#changed = false;
      this.dispatchEvent(new Event("change"));
    });
  }

  #handlers() {
    return {
      onLost: () => this.#lost(),
      onRefused: (error) => this.exit(error.message),
      onUnreachable: () => {
        if (this.phase === "entering") this.refusal = "The server does not answer. Trying again…";
        this.changed();
      },
      welcome: (welcome) => this.#welcome(welcome),
      rooms: (rooms) => this.#set({ rooms }),
      "session:replaced": () => {
        this.connection.close();
        this.#lost();
        this.phase = "replaced";
      },
      "message:new": (message) => this.#receive(message),
      "message:delivered": ({ room, id }) => this.#inRoom(room, (it) => it.setState(id, "delivered")),
      "member:joined": ({ room, user }) => this.#inRoom(room, (it) => it.members.add(user)),
      "member:left": ({ room, user }) => this.#inRoom(room, (it) => it.members.delete(user) && it.typing.delete(user)),
      typing: ({ room, user, active }) => this.#inRoom(room, (it) => this.#showTyping(it, user, active)),
    };
  }

  #welcome({ name, rooms }) {
    this.#set({ phase: "online", me: name, rooms, refusal: "" });
    this.#remember();
    for (const room of this.joined.keys()) void this.#join(room);
  }

  #lost() {
    for (const room of this.joined.values()) room.entered = false;
    this.#set({ phase: "lost" });
  }

  async #join(name) {
    const wanted = this.joined.get(name) ?? new Room(name);
    this.joined.set(name, wanted);
    if (!this.connection.isOpen) return;
    try {
      const reply = await this.connection.request("room:join", { room: name });
      const room = this.#rename(wanted, reply.room);
      room.enter(reply, { me: this.me, isRead: this.#isRead(room) });
      this.#set({ notice: "" });
      this.#remember();
      await this.outbox.flush(room);
    } catch (error) {
      // A reply that was lost with the connection: the room is joined again on return.
      if (this.connection.isOpen) this.#turnedAway(name, error);
    }
  }

  #turnedAway(name, error) {
    this.joined.delete(name);
    if (this.current === name) this.current = null;
    this.#set({ notice: error.code === undefined ? `${name} does not answer.` : error.message });
    this.#remember();
  }

  /** The server tidies names: the room may be called a little differently from what was typed, or be here already. */
  #rename(room, name) {
    if (this.current === room.name) this.current = name;
    this.joined.delete(room.name);
    const kept = this.joined.get(name) ?? room;
    this.joined.set(name, Object.assign(kept, { name }));
    return kept;
  }

  #receive(message) {
    this.#inRoom(message.room, (room) => {
      this.#showTyping(room, message.from, false);
      if (room.put(message) && !this.#isRead(room)) room.unread += 1;
    });
  }

  #showTyping(room, user, active) {
    clearTimeout(room.typing.get(user));
    room.typing.delete(user);
    if (!active) return;
    const forget = () => {
      room.typing.delete(user);
      this.changed();
    };
    room.typing.set(user, setTimeout(forget, TYPING_SHOWN_MS));
  }

  #isRead(room) {
    return room.name === this.current && !document.hidden;
  }

  #inRoom(name, change) {
    const room = this.joined.get(name);
    if (room !== undefined) change(room);
    this.changed();
  }

  #set(state) {
    Object.assign(this, state);
    this.changed();
  }

  #remember() {
    this.#identity.rooms = [...this.joined.keys()];
    this.#identity.save();
    this.changed();
  }
}
