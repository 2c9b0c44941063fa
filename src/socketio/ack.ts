import type { Deadlines } from "../common/index.js";
import { AckDisconnectedError, AckTimeoutError } from "./errors.js";

/** Takes the arguments of the client's acknowledgement. */
export type AckCallback = (...args: unknown[]) => void;

/** An acknowledgement that wants to know when it will never come. */
export interface FailableAck extends AckCallback {
  fail?(error: Error): void;
}

/**
 * Acknowledgements that one socket's client still owes, by packet id. A plain map from outside: adapters add and delete
 * entries of broadcasts.
 */
export class PendingAcks extends Map<number, FailableAck> {
  /** Takes the client's answer; unknown ids are ignored, as a client may answer late or twice. */
  settle(id: number, args: unknown[]): void {
    const ack = this.get(id);
    if (ack === undefined) return;
    this.delete(id);
    ack(...args);
  }

  /** The client has gone: who waits with a timeout is told, the others are released. */
  release(): void {
    const acks = [...this.values()];
    this.clear();
    for (const ack of acks) ack.fail?.(new AckDisconnectedError());
  }
}

export interface TimedAckOptions {
  readonly id: number;
  /** Infinity: no timeout, but the error of a disconnect. */
  readonly timeoutMs: number;
  readonly deadlines: Deadlines;
}

/**
 * Adds an acknowledgement that is called exactly once: `(null, ...args)`, or with the error of a timeout or a disconnect.
 */
export function addTimedAck(acks: PendingAcks, { id, timeoutMs, deadlines }: TimedAckOptions, call: AckCallback): void {
  const expire = (): void => {
    acks.delete(id);
    call(new AckTimeoutError());
  };
  const deadline = timeoutMs === Infinity ? undefined : deadlines.add(timeoutMs, expire);
  const ack: FailableAck = (...args) => {
    deadline?.cancel();
    call(null, ...args);
  };
  ack.fail = (error) => {
    deadline?.cancel();
    call(error);
  };
  acks.set(id, ack);
}
