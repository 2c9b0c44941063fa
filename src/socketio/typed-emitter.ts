import { EventEmitter } from "node:events";
import type { Logger } from "../common/index.js";
import type { EventsMap, ListenerNames, ListenerOf } from "./event-types.js";

/**
 * An EventEmitter whose listeners are typed: by the user's events (`Listen`) and by its own (`Own`). What it emits
 * itself goes through `deliver`, so that no listener can end the process.
 */
export abstract class TypedEmitter<Listen extends EventsMap, Own extends EventsMap> extends EventEmitter {
  override on<Name extends ListenerNames<Own, Listen>>(event: Name, listener: ListenerOf<Own, Listen, Name>): this {
    return super.on(event, listener as Listener);
  }

  override once<Name extends ListenerNames<Own, Listen>>(event: Name, listener: ListenerOf<Own, Listen, Name>): this {
    return super.once(event, listener as Listener);
  }

  override off<Name extends ListenerNames<Own, Listen>>(event: Name, listener: ListenerOf<Own, Listen, Name>): this {
    return super.off(event, listener as Listener);
  }
}

type Listener = (...args: unknown[]) => void;

/**
 * Calls the listeners of an event, each inside its own catch: a throw or a rejection is logged, the others still run.
 *
 * @returns whether there was a listener.
 */
export function deliver(emitter: EventEmitter, event: string, args: unknown[], logger: Logger): boolean {
  if (emitter.listenerCount(event) === 0) return false;
  for (const listener of emitter.rawListeners(event)) {
    try {
      const result: unknown = Reflect.apply(listener, emitter, args);
      if (isThenable(result)) result.then(undefined, (error: unknown) => reportListener(logger, event, error));
    } catch (error) {
      reportListener(logger, event, error);
    }
  }
  return true;
}

/** Whether a handler's result has to be waited for. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return value instanceof Object && typeof (value as { then?: unknown }).then === "function";
}

function reportListener(logger: Logger, event: string, error: unknown): void {
  logger.error(`a listener of "${event}" threw`, { error });
}
