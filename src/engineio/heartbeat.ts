import { Deadline, type Deadlines } from "../common/index.js";

export interface HeartbeatTimes {
  readonly pingInterval: number;
  readonly pingTimeout: number;
}

/** What a heartbeat does to its session. */
export interface HeartbeatTarget {
  sendPing(): void;
  onPingTimeout(): void;
}

/**
 * The server's heartbeat (revision 4): a ping `pingInterval` after the last answer, the end when the answer takes
 * longer than `pingTimeout`. One object per connection, no timer of its own.
 */
export class Heartbeat extends Deadline {
  readonly #deadlines: Deadlines;
  readonly #times: HeartbeatTimes;
  readonly #target: HeartbeatTarget;
  #awaitsPong = false;

  constructor(deadlines: Deadlines, times: HeartbeatTimes, target: HeartbeatTarget) {
    super();
    this.#deadlines = deadlines;
    this.#times = times;
    this.#target = target;
  }

  /** Begins, or begins anew after a pong. */
  beat(): void {
    this.#awaitsPong = false;
    this.#deadlines.start(this, this.#times.pingInterval);
  }

  override expire(): void {
    if (this.#awaitsPong) {
      this.#target.onPingTimeout();
      return;
    }
    this.#awaitsPong = true;
    this.#deadlines.start(this, this.#times.pingTimeout);
    this.#target.sendPing();
  }
}
