import type { EventEmitter } from "node:events";
import { isThenable, LazyEmitter, type Logger } from "../common/index.js";
import type { EventsMap, ListenerNames, ListenerOf } from "./event-types.js";

/**
 * An EventEmitter whose listeners are typed: by the user's events (`Listen`) and by its own (`Own`). What it emits
 * itself goes through `deliver`, so that no listener can end the process.
 */
export abstract class TypedEmitter<Listen extends EventsMap, Own extends EventsMap> extends LazyEmitter {
  override on<Name extends ListenerNames<Own, Listen>>(event: Name, listener: ListenerOf<Own, Listen, Name>): this {
    return super.on(event, listener as never);
  }

  override once<Name extends ListenerNames<Own, Listen>>(event: Name, listener: ListenerOf<Own, Listen, Name>): this {
    return super.once(event, listener as never);
  }

  override off<Name extends ListenerNames<Own, Listen>>(event: Name, listener: ListenerOf<Own, Listen, Name>): this {
    return super.off(event, listener as never);
  }
}

type Listener = (...args: unknown[]) => unknown;

/**
 * Calls the listeners of an event, each inside its own catch: a throw or a rejection is logged, the others still run.
 *
 * @returns whether there was a listener.
 */
export function deliver(emitter: EventEmitter, event: string, args: unknown[], logger: Logger): boolean {
  if (emitter.listenerCount(event) === 0) return false;
  for (const listener of emitter.rawListeners(event)) callListener(listener, { emitter, event, args, logger });
  return true;
}

export interface ListenerCall {
  /** What listeners see as `this`. */
  readonly emitter: object;
  /** For the log. */
  readonly event: string;
  readonly args: unknown[];
  readonly logger: Logger;
}

/** Calls one listener; what it throws, now or later, is logged and goes no further. */
export function callListener(listener: unknown, { emitter, event, args, logger }: ListenerCall): void {
  try {
    const result: unknown = Reflect.apply(listener as Listener, emitter, args);
    if (isThenable(result)) {
      result.then(undefined, (error: unknown) => {
        report(logger, event, error);
      });
    }
  } catch (error) {
    report(logger, event, error);
  }
}

function report(logger: Logger, event: string, error: unknown): void {
  logger.error(`a listener of "${event}" threw`, { error });
}
