import { toAckWith, toFailWith, toRejectConnect } from "./answer-matchers.js";
import { toHaveReceived, toReceive } from "./receive-matchers.js";
import { toBeInRoom } from "./room-matchers.js";

/**
 * What a test can say of clients and of what they wait for in the words of `expect`. All of these are awaited, but for
 * `toHaveReceived`. Values are compared as by `toEqual`.
 */
export interface ClientMatchers<R> {
  /**
   * Takes the earliest `event` with these arguments that has not been taken, or waits for it. When no arguments are given,
   * any will do.
   *
   * Fails, and `.not` passes, when the client is disconnected or everything has come to rest without it: see `app.settled()`.
   * A query that a handler starts and does not await is not waited for: await `client.next(event)` for what comes of that.
   */
  toReceive(event: string, ...args: unknown[]): Promise<void>;
  /** Whether the client has received such an event so far, taken or not; never waits. */
  toHaveReceived(event: string, ...args: unknown[]): R;
  /** Whether the client is in the room, on the server, once everything has come to rest. */
  toBeInRoom(room: string): Promise<void>;
  /**
   * Whether the promise of `app.connect()` is rejected by the server.
   *
   * @param code - of the refusal; any will do when it is left out.
   * @param details - that the refusal has beside it.
   */
  toRejectConnect(code?: string, details?: unknown): Promise<void>;
  /** Whether the promise of `client.emitWithAck()` is acknowledged with this value; with any when none is given. */
  toAckWith(...value: [value?: unknown]): Promise<void>;
  /**
   * Whether the promise of `client.emitWithAck()` is acknowledged with an error of this code.
   *
   * @param details - that the error has beside it.
   */
  toFailWith(code: string, details?: unknown): Promise<void>;
}

/**
 * The matchers, for `expect.extend()` where nothing registers them: `rookery/jest-preset`, `rookery/vitest` and, when
 * `expect` is a global, the import of `rookery/testing` do.
 */
export const clientMatchers = { toReceive, toHaveReceived, toBeInRoom, toRejectConnect, toAckWith, toFailWith };
