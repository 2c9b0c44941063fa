import { Deadline, type Deadlines } from "../common/index.js";

export interface HeartbeatTimes {
  readonly pingInterval: number;
  readonly pingTimeout: number;
}

/** What a heartbeat does to its session. */
export interface HeartbeatTarget {
  sendPing(): void;
  sendPong(): void;
  onPingTimeout(): void;
}

/** The heartbeat of one session. */
export interface Heartbeat {
  /** Begins, or begins anew. */
  beat(): void;
  /**
   * A heartbeat packet has come.
   *
   * @returns false when it is the server's part to send it.
   */
  take(type: "ping" | "pong"): boolean;
  /** Whether `extend` would help: an answer is due, and nothing else has come in its place yet. */
  readonly mayExtend: boolean;
  /** Something else than a heartbeat has come: the client lives, if busily. */
  extend(): void;
  cancel(): void;
}

/**
 * The server's heartbeat (revision 4): a ping `pingInterval` after the last answer, the end when the answer takes
 * longer than `pingTimeout`. One object per connection, no timer of its own.
 */
export class ServerHeartbeat extends Deadline implements Heartbeat {
  readonly #deadlines: Deadlines;
  readonly #times: HeartbeatTimes;
  readonly #target: HeartbeatTarget;
  mayExtend = false;
  #awaitsPong = false;

  constructor(deadlines: Deadlines, times: HeartbeatTimes, target: HeartbeatTarget) {
    super();
    this.#deadlines = deadlines;
    this.#times = times;
    this.#target = target;
  }

  beat(): void {
    this.#awaitsPong = this.mayExtend = false;
    this.#deadlines.start(this, this.#times.pingInterval);
  }

  take(type: "ping" | "pong"): boolean {
    if (type === "ping") return false;
    this.beat();
    return true;
  }

  /** Once a ping: a client that sends, but never answers, is gone wrong. */
  extend(): void {
    this.mayExtend = false;
    this.#deadlines.start(this, this.#times.pingTimeout);
  }

  override expire(): void {
    if (this.#awaitsPong) {
      this.#target.onPingTimeout();
      return;
    }
    this.#awaitsPong = this.mayExtend = true;
    this.#deadlines.start(this, this.#times.pingTimeout);
    this.#target.sendPing();
  }
}
