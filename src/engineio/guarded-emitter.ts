import { captureRejectionSymbol } from "node:events";
import { LazyEmitter } from "../common/index.js";

/** Node hands what async listeners reject with to the emitter. */
const WATCHED = { captureRejections: true };

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- events are for users, who declare what they take as with any emitter
type Listener = (...args: any[]) => void;

/** An emitter for users' listeners: nothing that they throw goes further, and unless there are some nothing is done. */
export abstract class GuardedEmitter extends LazyEmitter {
  /** Whether anybody has ever listened. @internal */
  isObserved = false;

  constructor() {
    super(WATCHED);
  }

  override on(event: string | symbol, listener: Listener): this {
    this.isObserved = true;
    return super.on(event, listener);
  }

  override addListener(event: string | symbol, listener: Listener): this {
    return this.on(event, listener);
  }

  override prependListener(event: string | symbol, listener: Listener): this {
    this.isObserved = true;
    return super.prependListener(event, listener);
  }

  override [captureRejectionSymbol](error: unknown, event: string | symbol): void {
    this.onListenerFailure(error, String(event));
  }

  protected emitSafely(event: string, ...args: unknown[]): void {
    try {
      this.emit(event, ...args);
    } catch (error) {
      this.onListenerFailure(error, event);
    }
  }

  /** A listener has thrown, or rejected. */
  protected abstract onListenerFailure(error: unknown, event: string): void;
}
