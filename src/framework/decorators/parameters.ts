import type { Handshake as HandshakeDetails } from "../../core.js";
import { isClass, type Class } from "../contracts/class.js";
import type { ExecutionContext } from "../contracts/execution-context.js";
import { isStandardSchema, type StandardSchema } from "../contracts/standard-schema.js";
import { isPipe } from "../contracts/pipe.js";
import type { PathParams } from "../gateway/namespace-pattern.js";
import { HANDSHAKE } from "../metadata/keys.js";
import { checkGiven, injectionRecord, methodRecord } from "../metadata/records.js";
import type {
  NamedSource,
  ParameterSource,
  PayloadOptions,
  PayloadType,
  PipeLike,
  PlainSource,
} from "../metadata/types.js";

/** What `@Payload` takes: a type or a schema, options, or pipes. */
export type PayloadArgument =
  PayloadType | NonNullable<PayloadOptions["type"]> | StandardSchema | PayloadOptions | PipeLike;

/**
 * One argument of the event, checked against its type. Parameters without a decorator are the same as `@Payload()`.
 *
 * @param source - which argument, counted from 0 (default: the next one); or the first of `more`.
 * @param more - the type as `() => Dto`, `() => [Dto]`, or a Standard Schema (zod, valibot, arktype…); the options; pipes, which run in this order before the check.
 */
export function Payload(source?: number | PayloadArgument, ...more: readonly PayloadArgument[]): ParameterDecorator;
export function Payload(...given: readonly unknown[]): ParameterDecorator {
  const position = typeof given[0] === "number" ? given[0] : undefined;
  const rest = (position === undefined ? withoutPlaceholder(given) : given.slice(1)) as readonly PayloadArgument[];
  const pipes = rest.filter(isPipe);
  const options = Object.assign({}, ...rest.map((item) => (isPipe(item) ? {} : toOptions(item)))) as PayloadOptions;
  return parameter("Payload", { kind: "payload", position, options, pipes }, rest);
}

/** The socket; a parameter typed `Socket` needs no decorator. */
export function ConnectedSocket(): ParameterDecorator {
  return plain("ConnectedSocket", "socket");
}

/**
 * What the client sent as `auth` when it connected, checked against its type.
 *
 * @param type - names the type where the compiler cannot, or is a Standard Schema.
 * @param pipes - run before the check.
 */
export function Auth(type?: Class | StandardSchema, ...pipes: readonly PipeLike[]): ParameterDecorator;
export function Auth(...given: readonly [type?: Class | StandardSchema, ...pipes: PipeLike[]]): ParameterDecorator {
  const [type, ...pipes] = given;
  return parameter("Auth", { kind: "auth", type, pipes }, withoutPlaceholder(given));
}

/** The event's name, for methods that handle several. */
export function EventName(): ParameterDecorator {
  return plain("EventName", "event");
}

/**
 * What a part of the event pattern stands for: `"42"` of `order:42` for `@OnEvent("order:*")`.
 *
 * @param key - which wildcard, counted from 0, or the name of a parameter such as `:id`. Default: the first.
 */
export function EventParam(key: number | string = 0, ...pipes: readonly PipeLike[]): ParameterDecorator {
  return named("EventParam", "eventParam", String(key), pipes);
}

/**
 * A parameter of the namespace's pattern: `@Param("id")` of `@Namespace("/orders/:id")`, decoded. Without a name, all of
 * them. `@Param<"/orders/:id">("id")` lets the compiler check the name; the start checks it anyway.
 */
export function Param<Path extends string = string>(
  name?: string extends Path ? string : PathParams<Path>,
  ...pipes: readonly PipeLike[]
): ParameterDecorator {
  return named("Param", "param", name, pipes);
}

/** How a connection began: headers, query, address, time, `auth`. */
export type Handshake = HandshakeDetails;

/**
 * How the connection began, as the type of the same name says. In the constructor of a provider of scope `connection` or
 * `message` too.
 */
export function Handshake(): ParameterDecorator {
  const ofMethod = plain("Handshake", "handshake");
  return (target, method, index) => {
    if (method === undefined) injectionRecord(target, index).token = HANDSHAKE;
    else ofMethod(target, method, index);
  };
}

/** A header of the request that opened the connection, in any case; `undefined` without it. Without a name, all of them. */
export function Headers(name?: string, ...pipes: readonly PipeLike[]): ParameterDecorator {
  return named("Headers", "headers", name?.toLowerCase(), pipes);
}

/** A parameter of that request's query, text or a list of texts; `undefined` without it. Without a name, all of them. */
export function Query(name?: string, ...pipes: readonly PipeLike[]): ParameterDecorator {
  return named("Query", "query", name, pipes);
}

/** What the application keeps in `socket.data` under this key. Without a key, all of it. */
export function SocketData(key?: string, ...pipes: readonly PipeLike[]): ParameterDecorator {
  return named("SocketData", "data", key, pipes);
}

/** Who the connection belongs to: `socket.data.user`, as a guard or an `@OnConnect` method put it there. */
export function CurrentUser(): ParameterDecorator {
  return plain("CurrentUser", "user");
}

/** The rooms that the socket is in, its own id among them: a `Set` of texts. */
export function Rooms(): ParameterDecorator {
  return plain("Rooms", "rooms");
}

/** An `AbortSignal` that aborts when the time is up, the client leaves or the application has closed. */
export function Signal(): ParameterDecorator {
  return plain("Signal", "signal");
}

/** Why the connection ended, in Socket.IO's words such as `"transport close"`. */
export function Reason(): ParameterDecorator {
  return plain("Reason", "reason");
}

/**
 * Makes a parameter decorator of your own.
 *
 * @param resolve - what the parameter gets; may be async, may throw to refuse the call. `data` is what the decorator was
 * called with; pipes may follow it there. Where it may be `undefined`, it may be left out.
 * @example
 * const User = createParamDecorator((field: string, context) => context.socket.data.user[field]);
 * rename(\@User("id") id: string) { … }
 */
export function createParamDecorator<Data = void>(
  resolve: (data: Data, context: ExecutionContext) => unknown,
): (...args: DecoratorArguments<Data>) => ParameterDecorator {
  const name = resolve.name === "" ? "custom" : resolve.name;
  return (...[data, ...pipes]) =>
    parameter(name, { kind: "custom", name, resolve: (context) => resolve(data as Data, context), pipes }, pipes);
}

type DecoratorArguments<Data> = undefined extends Data
  ? [data?: Data, ...pipes: PipeLike[]]
  : [data: Data, ...pipes: PipeLike[]];

function toOptions(given: Exclude<PayloadArgument, PipeLike>): PayloadOptions {
  if (isStandardSchema(given)) return { type: () => given };
  if (typeof given === "function") return { type: isClass(given) ? () => given : given };
  return Array.isArray(given) ? { type: () => given as PayloadType } : (given as PayloadOptions);
}

function plain(decorator: string, kind: PlainSource): ParameterDecorator {
  return parameter(decorator, { kind }, []);
}

function named(
  decorator: string,
  kind: NamedSource,
  name: string | undefined,
  pipes: readonly PipeLike[],
): ParameterDecorator {
  return parameter(decorator, { kind, name, pipes }, pipes);
}

/** `undefined` before other arguments stands for the default; alone it is a name that does not exist. */
function withoutPlaceholder(given: readonly unknown[]): readonly unknown[] {
  return given.length > 1 && given[0] === undefined ? given.slice(1) : given;
}

/** @param given - what must exist when the file is loaded. */
function parameter(decorator: string, source: ParameterSource, given: readonly unknown[]): ParameterDecorator {
  return (target, method, index) => {
    checkGiven(given, decorator, target, method);
    methodRecord(target, method, decorator).parameters.set(index, source);
  };
}
