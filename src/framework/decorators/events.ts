import { types } from "node:util";
import { checkGiven, placedRecord } from "../metadata/records.js";
import { callerOf } from "../metadata/source-place.js";
import type { Duration, EventOptions, EventPattern, HookKind } from "../metadata/types.js";

type Events = readonly [Several, ...Several[]];
type Several = EventPattern | readonly EventPattern[];

/**
 * Runs the method for this event, or for each of these. Stacked decorators add up.
 *
 * In a name, `*` stands for one part between `:`, `/` or `.`, a last `**` for all that follows, and `/:id` for one part
 * with a name; `@EventParam()` reads them. An exact name wins over a pattern, a pattern over a RegExp. Two handlers of
 * one event are an error at start, unless both are `{ shared: true }`: then all run, and the first answer counts.
 */
export function OnEvent(...given: Events | readonly [...Events, EventOptions]): MethodDecorator {
  const place = callerOf(OnEvent);
  const last = given.at(-1);
  const options = isOptions(last) ? last : {};
  const patterns = (options === last ? given.slice(0, -1) : given).flat() as EventPattern[];
  const isShared = options.shared === true;
  return (target, method) => {
    const record = placedRecord(target, method, { decorator: "OnEvent", place });
    record.events.push(...patterns.map((pattern) => ({ kind: "event" as const, pattern, isShared })));
  };
}

/**
 * Runs the method for events that no handler of the namespace and no listener of the socket takes, in place of the answer
 * `NOT_FOUND`.
 */
export function OnUnhandled({ shared = false }: EventOptions = {}): MethodDecorator {
  const place = callerOf(OnUnhandled);
  return (target, method) => {
    const record = placedRecord(target, method, { decorator: "OnUnhandled", place });
    record.events.push({ kind: "unhandled", isShared: shared });
  };
}

/**
 * Shows the method every event of the namespace, before its handler runs and whether or not guards let it pass. It takes
 * the arguments as they come and cannot answer; what it throws is logged, and the event goes on.
 */
export function OnAny(): MethodDecorator {
  return hook("any", "OnAny", OnAny);
}

/**
 * Runs before the client is told that it is connected. A throw refuses the connection; the client's events wait until the
 * method has ended, and what it emits arrives after the connect reply.
 */
export function OnConnect(): MethodDecorator {
  return hook("connect", "OnConnect", OnConnect);
}

/** Runs when the connection ends, while the socket is still in its rooms. Takes `(reason, description?)`. */
export function OnDisconnecting(): MethodDecorator {
  return hook("disconnecting", "OnDisconnecting", OnDisconnecting);
}

/**
 * Runs when the connection has ended and the events that came before it have been handled; only for connections that had
 * been accepted. Takes `(reason, description?)`.
 */
export function OnDisconnect(): MethodDecorator {
  return hook("disconnect", "OnDisconnect", OnDisconnect);
}

/** Answers `TIMEOUT` when the handler takes longer; 0 lifts the application's `handlerTimeout`. */
export function Timeout(duration: Duration): MethodDecorator {
  const place = callerOf(Timeout);
  return (target, method) => {
    checkGiven([duration], "Timeout", target, method);
    placedRecord(target, method, { decorator: "Timeout", place }).timeout = duration;
  };
}

function hook(kind: HookKind, decorator: string, called: () => MethodDecorator): MethodDecorator {
  const place = callerOf(called);
  return (target, method) => {
    placedRecord(target, method, { decorator, place }).hooks.push(kind);
  };
}

function isOptions(value: unknown): value is EventOptions {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !types.isRegExp(value);
}
