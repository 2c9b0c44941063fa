import type { Clock, Deadline, Deadlines } from "../../common/index.js";
import type { ResolvedRecoveryOptions } from "./options.js";
import { PacketLog } from "./packet-log.js";
import { SessionStore, type KeptSession } from "./session-store.js";

/** What one server keeps for clients that are away, of all its namespaces: the limits bound the whole. */
export class RecoveryMemory {
  readonly log: PacketLog;
  readonly sessions: SessionStore;
  readonly #durationMs: number;
  readonly #clock: Clock;
  readonly #deadlines: Deadlines;
  #cleaning: Deadline | undefined;
  #isClosed = false;

  constructor(options: ResolvedRecoveryOptions, clock: Clock, deadlines: Deadlines) {
    this.log = new PacketLog(options, clock);
    this.sessions = new SessionStore(options.maxSessions, clock);
    this.#durationMs = options.maxDisconnectionDuration;
    this.#clock = clock;
    this.#deadlines = deadlines;
  }

  /** @param session - expires after the time that a client may be away, unless it says when. */
  keep(session: Omit<KeptSession, "expiresAtMs"> & { readonly expiresAtMs?: number }): void {
    if (this.#isClosed) return;
    this.sessions.keep({ expiresAtMs: this.#clock.now() + this.#durationMs, ...session });
    this.cleanLater();
  }

  /** Makes sure that nothing is kept for good when nothing more happens. */
  cleanLater(): void {
    if (this.#isClosed) return;
    this.#cleaning ??= this.#deadlines.add(this.#durationMs, () => {
      this.#clean();
    });
  }

  /** The server closes: nobody can come back to it. */
  close(): void {
    this.#isClosed = true;
    this.#cleaning?.cancel();
    this.#cleaning = undefined;
    this.log.clear();
    this.sessions.clear();
  }

  /** The server serves again. */
  reopen(): void {
    this.#isClosed = false;
  }

  #clean(): void {
    this.#cleaning = undefined;
    this.log.expire();
    this.sessions.expire();
    if (this.log.size > 0 || this.sessions.size > 0) this.cleanLater();
  }
}
