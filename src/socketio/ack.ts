import type { Deadlines } from "../common/index.js";
import { AckDisconnectedError, AckTimeoutError } from "./errors.js";

/** Takes the arguments of the client's acknowledgement. */
export type AckCallback = (...args: unknown[]) => void;

/** An acknowledgement that wants to know whose answer it is, and when one will never come. */
export interface SharedAck extends AckCallback {
  /** This socket owes an answer. */
  asked?(socketId: string): void;
  /** Called in place of the function itself. */
  answered?(socketId: string, args: unknown[]): void;
  /** This socket's answer will never come. */
  lost?(socketId: string, error: Error): void;
}

/**
 * Acknowledgements that one socket's client still owes, by packet id. From outside a plain map: adapters add and delete
 * the entries of broadcasts.
 */
export class PendingAcks extends Map<number, SharedAck> {
  readonly #socketId: string;

  constructor(socketId: string) {
    super();
    this.#socketId = socketId;
  }

  override set(id: number, ack: SharedAck): this {
    ack.asked?.(this.#socketId);
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
