import type { Deadlines } from "../common/index.js";
import { AckDisconnectedError, AckTimeoutError, SocketError } from "./errors.js";

/** Takes the arguments of the client's acknowledgement. */
export type AckCallback = (...args: unknown[]) => void;

/** An acknowledgement that wants to know whose answer it is, and when one will never come. */
export interface SharedAck extends AckCallback {
  /** This socket owes an answer; `acks.delete(id)` takes the question back. */
  asked?(socketId: string, acks: PendingAcks, id: number): void;
  /** This socket was not asked: its client is so far behind that the question was dropped. */
  dropped?(socketId: string): void;
  /** Called in place of the function itself. */
  answered?(socketId: string, args: unknown[]): void;
  /** This socket's answer will never come. */
  lost?(socketId: string, error: Error): void;
}

/** The client that owes acknowledgements. */
export interface AckDebtor {
  /** How many it may owe; beyond them the oldest is given up. */
  readonly maxPendingAcks: number;
  /** Whether it is so far behind that what is sent to it now is dropped. */
  readonly drops: boolean;
  /** It owes too many, for the first time. */
  onTooManyAcks(error: SocketError): void;
}

/**
 * Acknowledgements that one socket's client still owes, by packet id. From outside a plain map: adapters add and delete
 * the entries of broadcasts.
 */
export class PendingAcks extends Map<number, SharedAck> {
  readonly #socketId: string;
  readonly #debtor: AckDebtor | undefined;
  #oldestFirst: MapIterator<number> | undefined;

  constructor(socketId: string, debtor?: AckDebtor) {
    super();
    this.#socketId = socketId;
    this.#debtor = debtor;
  }

  override set(id: number, ack: SharedAck): this {
    ack.asked?.(this.#socketId, this, id);
    if (this.#debtor?.drops === true && ack.dropped !== undefined) {
      ack.dropped(this.#socketId);
      return this;
    }
    if (this.size >= (this.#debtor?.maxPendingAcks ?? Infinity)) this.#giveUpOldest();
    return super.set(id, ack);
  }

  /** Takes the client's answer; unknown ids are ignored, as a client may answer late or twice. */
  settle(id: number, args: unknown[]): void {
    const ack = this.get(id);
    if (ack === undefined) return;
    this.delete(id);
    if (ack.answered === undefined) ack(...args);
    else ack.answered(this.#socketId, args);
  }

  /** The client has gone: who wants to know is told, the others are released. */
  release(): void {
    const acks = [...this.values()];
    this.clear();
    for (const ack of acks) ack.lost?.(this.#socketId, new AckDisconnectedError());
  }

  /** Not the newest: whoever is never answered has stopped waiting, and a client that does answer can go on. */
  #giveUpOldest(): void {
    const values = { option: "maxPendingAcks", limit: this.size };
    const error = new SocketError("SOCKET_LIMIT", { values });
    if (this.#oldestFirst === undefined) this.#debtor?.onTooManyAcks(error);
    // One iterator for all: a new one would have to pass each time over the places of those already given up.
    const oldest = (this.#oldestFirst ??= this.keys()).next().value;
    if (oldest === undefined) return;
    const ack = this.get(oldest);
    this.delete(oldest);
    ack?.lost?.(this.#socketId, error);
  }
}

export interface TimedAckOptions {
  readonly id: number;
  readonly timeoutMs: number;
  readonly deadlines: Deadlines;
}

/** Adds an acknowledgement that is called exactly once: `(null, ...args)`, or with the error of a timeout or disconnect. */
export function addTimedAck(acks: PendingAcks, { id, timeoutMs, deadlines }: TimedAckOptions, call: AckCallback): void {
  const deadline = deadlines.add(timeoutMs, () => {
    acks.delete(id);
    call(new AckTimeoutError());
  });
  const ack: SharedAck = (...args) => {
    deadline.cancel();
    call(null, ...args);
  };
  ack.lost = (_, error) => {
    deadline.cancel();
    call(error);
  };
  acks.set(id, ack);
}
