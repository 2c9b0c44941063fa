import type { Class } from "../contracts/class.js";
import type { ExecutionContext } from "../contracts/execution-context.js";
import { methodRecord } from "../metadata/records.js";
import type { ParameterSource, PayloadOptions, PayloadType } from "../metadata/types.js";

/**
 * One argument of the event, checked against its type. Parameters without a decorator are the same as `@Payload()`.
 *
 * @param source - which argument, counted from 0 (default: the next one); or the type as `() => Dto`, `() => [Dto]`; or
 * the options.
 */
export function Payload(
  source?: number | (() => PayloadType) | PayloadOptions,
  options: PayloadOptions = {},
): ParameterDecorator {
  if (typeof source === "number") return parameter("Payload", { kind: "payload", position: source, options });
  const given = typeof source === "function" ? { ...options, type: source } : { ...source, ...options };
  return parameter("Payload", { kind: "payload", position: undefined, options: given });
}

/** The socket; a parameter typed `Socket` needs no decorator. */
export function ConnectedSocket(): ParameterDecorator {
  return parameter("ConnectedSocket", { kind: "socket" });
}

/**
 * What the client sent as `auth` when it connected, checked against its type.
 *
 * @param type - names the type where the compiler cannot.
 */
export function Auth(type?: Class): ParameterDecorator {
  return parameter("Auth", { kind: "auth", type });
}

/** The event's name, for methods that handle several. */
export function EventName(): ParameterDecorator {
  return parameter("EventName", { kind: "event" });
}

/** Why the connection ended, in Socket.IO's words such as `"transport close"`. */
export function Reason(): ParameterDecorator {
  return parameter("Reason", { kind: "reason" });
}

/**
 * Makes a parameter decorator of your own.
 *
 * @param resolve - what the parameter gets; may be async, may throw to refuse the call. `data` is what the decorator was
 * called with.
 * @example
 * const User = createParamDecorator((field: string, context) => context.socket.data.user[field]);
 * rename(\@User("id") id: string) { … }
 */
export function createParamDecorator<Data = void>(
  resolve: (data: Data, context: ExecutionContext) => unknown,
): (data: Data) => ParameterDecorator {
  const name = resolve.name === "" ? "custom" : resolve.name;
  return (data) => parameter(name, { kind: "custom", name, resolve: (context) => resolve(data, context) });
}

function parameter(decorator: string, source: ParameterSource): ParameterDecorator {
  return (target, method, index) => {
    methodRecord(target, method, decorator).parameters.set(index, source);
  };
}
