import { methodRecord } from "../metadata/records.js";
import type { Duration, HookKind } from "../metadata/types.js";

/** Runs the method for this event, or for each of these. Stacked decorators add up. */
export function OnEvent(name: string | readonly string[], ...more: readonly string[]): MethodDecorator {
  return (target, method) => {
    methodRecord(target, method, "OnEvent").events.push(...[name].flat(), ...more);
  };
}

/**
 * Runs before the client is told that it is connected. A throw refuses the connection; the client's events wait until the
 * method has ended, and what it emits arrives after the connect reply.
 */
export function OnConnect(): MethodDecorator {
  return hook("connect", "OnConnect");
}

/** Runs when the connection ends, while the socket is still in its rooms. Takes `(reason, description?)`. */
export function OnDisconnecting(): MethodDecorator {
  return hook("disconnecting", "OnDisconnecting");
}

/**
 * Runs when the connection has ended and the events that came before it have been handled; only for connections that had
 * been accepted. Takes `(reason, description?)`.
 */
export function OnDisconnect(): MethodDecorator {
  return hook("disconnect", "OnDisconnect");
}

/** Answers `TIMEOUT` when the handler takes longer; 0 lifts the application's `handlerTimeout`. */
export function Timeout(duration: Duration): MethodDecorator {
  return (target, method) => {
    methodRecord(target, method, "Timeout").timeout = duration;
  };
}

function hook(kind: HookKind, decorator: string): MethodDecorator {
  return (target, method) => {
    methodRecord(target, method, decorator).hooks.push(kind);
  };
}
