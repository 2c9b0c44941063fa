/** One event with its arguments; without the function that takes an acknowledgement. */
export type Emitted = readonly [event: string, ...args: unknown[]];

/** One event that was emitted, and to whom. */
export interface RecordedEmit {
  readonly namespace: string;
  readonly event: string;
  /** The very values; without the function that takes an acknowledgement. */
  readonly args: readonly unknown[];
  /** Receivers: those in any of these rooms, or everyone when there are none. The id of a socket is a room of its own. */
  readonly rooms: readonly string[];
  /** Rooms whose members do not receive it; a socket's broadcast names the socket. */
  readonly except: readonly string[];
}

/** What a server's mock has emitted, in order. */
export class EmitRecord {
  readonly #emits: RecordedEmit[] = [];

  get all(): readonly RecordedEmit[] {
    return this.#emits;
  }

  add(emit: RecordedEmit): void {
    this.#emits.push(emit);
  }

  /** @param matches - which of them. */
  events(matches: (emit: RecordedEmit) => boolean): Emitted[] {
    return this.#emits.filter(matches).map(({ event, args }) => [event, ...args]);
  }
}

/** Without the function at the end that takes an acknowledgement. */
export function withoutAck(args: readonly unknown[]): readonly unknown[] {
  return typeof args.at(-1) === "function" ? args.slice(0, -1) : args;
}
