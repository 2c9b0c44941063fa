import { Deadline, type Deadlines } from "../common/index.js";
import type { Heartbeat, HeartbeatTarget, HeartbeatTimes } from "../engineio/index.js";

/**
 * The client's heartbeat (revision 3): it pings, the server answers; the end when `pingInterval` and `pingTimeout`
 * together pass without a ping. One object per connection, no timer of its own.
 */
export class ClientHeartbeat extends Deadline implements Heartbeat {
  readonly mayExtend = false;
  readonly #deadlines: Deadlines;
  readonly #patienceMs: number;
  readonly #target: HeartbeatTarget;

  constructor(deadlines: Deadlines, { pingInterval, pingTimeout }: HeartbeatTimes, target: HeartbeatTarget) {
    super();
    this.#deadlines = deadlines;
    this.#patienceMs = pingInterval + pingTimeout;
    this.#target = target;
  }

  beat(): void {
    this.#deadlines.start(this, this.#patienceMs);
  }

  take(type: "ping" | "pong"): boolean {
    if (type === "pong") return false;
    this.beat();
    this.#target.sendPong();
    return true;
  }

  extend(): void {
    // Only the client's own ping counts.
  }

  override expire(): void {
    this.#target.onPingTimeout();
  }
}
