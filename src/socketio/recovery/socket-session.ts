import type { DisconnectReason } from "../disconnect-reason.js";
import type { Socket } from "../socket.js";
import type { Recovery, RestoredSession } from "./recovery.js";

/** After any other reason the client, or the server, wanted the socket to be gone. */
const RECOVERABLE: ReadonlySet<DisconnectReason> = new Set<DisconnectReason>([
  "transport error",
  "transport close",
  "forced close",
  "ping timeout",
  "server shutting down",
  "forced server close",
]);

/**
 * One socket's part in connection state recovery.
 *
 * | state   | when                                 | when the socket leaves                      |
 * |---------|--------------------------------------|---------------------------------------------|
 * | waiting | until the socket is let in           | a restored session may be tried once more   |
 * | opening | while missed packets are being sent  | the session is over                         |
 * | open    | afterwards                           | it is kept, if the reason is recoverable    |
 * | revoked | the session turned up a second time  | the session is over                         |
 */
export class SocketSession {
  /** The secret by which the client claims the session. */
  readonly pid: string;
  /** What the client has come back to. */
  readonly restored: RestoredSession | undefined;
  readonly #recovery: Recovery;
  #socket: Socket | undefined;
  #state: "waiting" | "opening" | "open" | "revoked" = "waiting";

  constructor(recovery: Recovery, pid: string, restored?: RestoredSession) {
    this.#recovery = recovery;
    this.pid = pid;
    this.restored = restored;
  }

  attach(socket: Socket): void {
    this.#socket = socket;
    this.#recovery.hold(this);
  }

  /**
   * The socket is let in: sends what its client has missed.
   *
   * @returns false when something is lost, or the connection cannot take it all; the session is over then.
   */
  open({ id, client }: Socket): boolean {
    this.#state = "opening";
    const missed = this.#recovery.open(id, this.restored);
    if (missed === undefined) return false;
    for (const encoded of missed) client.writeToEngine(encoded, {});
    // A client that reads this slowly would be cut off while it catches up, each time anew.
    if (client.conn.readyState !== "open" || client.conn.full) return false;
    this.#state = "open";
    return true;
  }

  /** The socket leaves. @returns whether its client may come back. */
  leave({ id, rooms, data }: Socket, reason: DisconnectReason): boolean {
    this.#recovery.release(this);
    if (this.#state === "waiting") this.restored?.giveBack();
    if (this.#state !== "open" || !RECOVERABLE.has(reason)) return false;
    this.#recovery.keep({ sid: id, pid: this.pid, rooms: [...rooms], data });
    return true;
  }

  /** The client is on another connection now: this one ends. */
  end(): void {
    this.#socket?.client.close();
    // The connection may have been closing already, at its own pace.
    this.#socket?.onClose("forced close");
  }

  /** Somebody else has used the same claim: nobody may do so again, and the connection ends. */
  revoke(): void {
    this.#state = "revoked";
    this.end();
  }
}
