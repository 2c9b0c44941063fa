import type { Clock } from "../../common/index.js";
import type { Room } from "../room.js";
import type { DeliveryHistory } from "./delivery-history.js";

/** State of a socket whose client is away. */
export interface KeptSession {
  /** The adapter that has kept it. One that takes its place has not seen what was sent meanwhile. */
  readonly owner: object;
  readonly pid: string;
  readonly sid: string;
  readonly rooms: readonly Room[];
  readonly data: unknown;
  readonly history: DeliveryHistory;
  /** Number of the newest packet when the client went. */
  readonly leftAt: number;
  readonly expiresAtMs: number;
}

/** Sessions that clients may come back for, each once. Beyond the limit the oldest goes. */
export class SessionStore {
  readonly #clock: Clock;
  readonly #maxSessions: number;
  readonly #sessions = new Map<string, KeptSession>();
  readonly #counts = new Map<object, number>();

  constructor(maxSessions: number, clock: Clock) {
    this.#maxSessions = maxSessions;
    this.#clock = clock;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Whether somebody may come back to the owner. */
  has(owner: object): boolean {
    this.expire();
    return this.#counts.has(owner);
  }

  keep(session: KeptSession): void {
    const previous = this.#sessions.get(session.pid);
    if (previous !== undefined) this.#remove(previous);
    this.#sessions.set(session.pid, session);
    this.#count(session.owner, 1);
    if (this.#sessions.size > this.#maxSessions) this.#removeOldest();
  }

  /** Gives a session out: it is gone from here. */
  take(owner: object, pid: string): KeptSession | undefined {
    const session = this.#sessions.get(pid);
    if (session?.owner !== owner) return undefined;
    this.#remove(session);
    return session.expiresAtMs > this.#clock.now() ? session : undefined;
  }

  expire(): void {
    const now = this.#clock.now();
    for (const session of this.#sessions.values()) {
      // One that was given back expires earlier than its neighbours: its turn comes with them, and `take` looks itself.
      if (session.expiresAtMs > now) return;
      this.#remove(session);
    }
  }

  clear(): void {
    this.#sessions.clear();
    this.#counts.clear();
  }

  #removeOldest(): void {
    const [oldest] = this.#sessions.values();
    if (oldest !== undefined) this.#remove(oldest);
  }

  #remove({ pid, owner }: KeptSession): void {
    this.#sessions.delete(pid);
    this.#count(owner, -1);
  }

  #count(owner: object, change: 1 | -1): void {
    const count = (this.#counts.get(owner) ?? 0) + change;
    if (count === 0) this.#counts.delete(owner);
    else this.#counts.set(owner, count);
  }
}
