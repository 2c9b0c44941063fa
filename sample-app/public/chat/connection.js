import { io } from "/socket.io/socket.io.esm.min.js";

const REPLY_TIMEOUT_MS = 8_000;
const RETURN_DELAY_MS = 1_000;
/** Refusals that say nothing about the person. */
const PASSING = new Set(["SHUTTING_DOWN", "RATE_LIMITED"]);

/** What the server answered in place of a result. */
export class RequestError extends Error {
  constructor({ code, message, details }) {
    super(details?.[0]?.constraints ? Object.values(details[0].constraints)[0] : message);
    this.code = code;
    /** When the server has had too much of this person. */
    this.retryAfterMs = details?.retryAfterMs;
  }
}

/**
 * The socket of one signed-in person. `handlers` are `onLost(reason)`, `onRefused(error)`, `onUnreachable()`, and one
 * `"event name"(payload)` for each event of the server.
 */
export class Connection {
  #socket;
  #closed = false;

  constructor(credentials, { onLost, onRefused, onUnreachable, ...events }) {
    this.#socket = io("/chat", { auth: credentials, reconnectionDelayMax: 4_000, forceNew: true });
    this.#socket.on("disconnect", (reason) => {
      if (this.#closed) return;
      onLost(reason);
      // The client library leaves it to the page to return after the server has closed the connection.
      if (reason === "io server disconnect") this.#returnLater();
    });
    this.#socket.on("connect_error", (error) => {
      if (this.#socket.active) onUnreachable();
      else if (PASSING.has(error.data?.code)) this.#returnLater(error.data.details?.retryAfterMs);
      else onRefused(new RequestError({ message: error.message, ...error.data }));
    });
    for (const [event, handler] of Object.entries(events)) {
      this.#socket.on(event, (payload, received) => {
        handler(payload);
        received?.();
      });
    }
  }

  get isOpen() {
    return this.#socket.connected;
  }

  /** Resolves with the server's reply; rejects with RequestError, or when none came in time. */
  async request(event, payload) {
    const reply = await this.#socket.timeout(REPLY_TIMEOUT_MS).emitWithAck(event, payload);
    if (reply?.error) throw new RequestError(reply.error);
    return reply;
  }

  /** For what is worth nothing later: dropped when it cannot leave now. */
  mention(event, payload) {
    this.#socket.volatile.emit(event, payload);
  }

  /** Tries at once, without waiting for the next planned attempt. */
  retry() {
    this.#socket.disconnect().connect();
  }

  close() {
    this.#closed = true;
    this.#socket.disconnect();
  }

  #returnLater(delayMs = RETURN_DELAY_MS) {
    setTimeout(() => {
      if (!this.#closed && !this.#socket.connected) this.#socket.connect();
    }, delayMs);
  }
}
