import type { Deadline, Deadlines } from "../common/index.js";
import type { ControlType, MessageData } from "./packet.js";
import type { Transport, TransportHandler } from "./transports/transport.js";

/** The session that may move. */
export interface UpgradableSession {
  attempt: UpgradeAttempt | undefined;
  readonly transport: Transport;
  /** The client has found that this transport works. */
  onProbed(transport: Transport): void;
  /** Goes on over this transport. */
  upgradeTo(transport: Transport): void;
}

/** How often a parked poll is released while the client probes: it pauses polling only after its poll has ended. */
const RELEASE_POLL_MS = 100;

/**
 * One attempt to move a session to a better transport.
 *
 * | state   | `2probe`            | `5`                | anything else, end, timeout      |
 * |---------|---------------------|--------------------|----------------------------------|
 * | silent  | `3probe` -> probed  | upgraded | closed; the session stays        |
 * | probed  | closed              | upgraded           | closed; the session stays        |
 *
 * `5` without a probe is accepted: some clients have always sent it so.
 */
export class UpgradeAttempt implements TransportHandler {
  probed = false;
  readonly #session: UpgradableSession;
  readonly #transport: Transport;
  readonly #deadlines: Deadlines;
  readonly #timeout: Deadline;
  #release: Deadline | undefined;

  constructor(session: UpgradableSession, transport: Transport, deadlines: Deadlines, timeoutMs: number) {
    this.#session = session;
    this.#transport = transport;
    this.#deadlines = deadlines;
    this.#timeout = deadlines.add(timeoutMs, () => {
      this.abandon();
    });
    session.attempt = this;
    transport.handler = this;
  }

  onControl(type: ControlType, data: MessageData | undefined): void {
    if (type === "ping" && data === "probe" && !this.probed) this.#answerProbe();
    else if (type === "upgrade") this.#complete();
    else this.abandon();
  }

  onMessage(): void {
    this.abandon();
  }

  onStray(): void {
    // The upgrade has little time anyway.
  }

  onWritable(): void {
    // Nothing waits here: the session's packets leave by its own transport until the upgrade is complete.
  }

  onEnd(): void {
    this.abandon();
  }

  /** Gives up; the session goes on over the transport it has. Idempotent. */
  abandon(): void {
    if (this.#session.attempt === this) this.#session.attempt = undefined;
    this.#stopTimers();
    this.#transport.discard();
  }

  #answerProbe(): void {
    this.probed = true;
    this.#transport.send([{ type: "pong", data: "probe" }]);
    this.#session.onProbed(this.#transport);
    // A listener may have ended the session.
    if (this.#session.attempt === this) this.#releasePoll();
  }

  readonly #releasePoll = (): void => {
    const { transport } = this.#session;
    if (transport.name === "polling" && transport.writable) transport.send([{ type: "noop" }]);
    this.#release = this.#deadlines.add(RELEASE_POLL_MS, this.#releasePoll);
  };

  #complete(): void {
    this.#stopTimers();
    this.#session.upgradeTo(this.#transport);
  }

  #stopTimers(): void {
    this.#timeout.cancel();
    this.#release?.cancel();
  }
}
