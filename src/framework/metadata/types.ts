import type { Namespace } from "../../core.js";
import type { Class, ForwardReference, InjectionToken } from "../contracts/class.js";
import type { ExecutionContext } from "../contracts/execution-context.js";
import type { ExceptionFilter } from "../contracts/filter.js";
import type { CanActivate } from "../contracts/guard.js";
import type { Interceptor } from "../contracts/interceptor.js";
import type { ModuleMetadata, Scope } from "../contracts/module.js";
import type { PipeTransform } from "../contracts/pipe.js";
import type { StandardSchema } from "../contracts/standard-schema.js";
import type { ValidationOptions } from "../validation/options.js";
import type { SourcePlace } from "./source-place.js";

/** Milliseconds, or text such as `"500ms"`, `"5s"`, `"2m"`, `"1h"`. */
export type Duration = number | string;

/** A class, or an array of one (`[Dto]`). */
export type PayloadType = Class | readonly [Class];

/** What a function may name that is called when every file has been loaded. */
export type NamedType = PayloadType | StandardSchema | readonly [StandardSchema];

export type MethodKey = string | symbol;
/** A guard, or a class that the container makes one of. */
export type GuardLike = Class<CanActivate> | CanActivate;
/** An interceptor, or a class that the container makes one of. */
export type InterceptorLike = Class<Interceptor> | Interceptor;
/** A pipe, or a class that the container makes one of. */
export type PipeLike = Class<PipeTransform> | PipeTransform;
/** A filter, or a class that the container makes one of. */
export type FilterLike = Class<ExceptionFilter> | ExceptionFilter;
/** Anything that stands around handlers. */
export type EnhancerLike = GuardLike | InterceptorLike | PipeLike | FilterLike;

/** The enhancers of one method, of one gateway or of all, each kind in the order written. */
export interface EnhancerRecord {
  readonly guards: GuardLike[];
  readonly interceptors: InterceptorLike[];
  readonly pipes: PipeLike[];
  readonly filters: FilterLike[];
}

/**
 * How the outcome of an event is written into its acknowledgement.
 *
 * - `"value"`: `ack(value)`, or `ack({ error })`;
 * - `"envelope"`: `ack({ ok: true, data })`, or `ack({ ok: false, error })`;
 * - `"node"`: `ack(null, value)`, or `ack(error)`.
 */
export type AckFormat = "value" | "envelope" | "node";

/** What a hook is for: a part of a connection's life, or `any` event that comes in. */
export type HookKind = "connect" | "disconnecting" | "disconnect" | "any";

/** An event's name, with wildcards (`"order:*"`) or parameters (`"order/:id"`) if wanted, or a RegExp that finds it. */
export type EventPattern = string | RegExp;

/** What `@OnEvent` and `@OnUnhandled` may be told beside their events. */
export interface EventOptions {
  /** Other handlers of the same event in the same namespace are meant, when they say so too. Default: `false`. */
  readonly shared?: boolean;
}

/** One event that a method is for, or whatever nobody handles. */
export type EventRecord =
  | { readonly kind: "event"; readonly pattern: EventPattern; readonly isShared: boolean }
  | { readonly kind: "unhandled"; readonly isShared: boolean };

/** What `@Namespace` may be told beside its pattern. */
export interface NamespaceOptions {
  /** Socket.IO middlewares, which each connection passes before guards and hooks; those of all gateways, in order. */
  readonly middlewares?: readonly Parameters<Namespace["use"]>[0][];
}

/** What `@Namespace` recorded. */
export interface NamespaceRecord {
  readonly pattern: unknown;
  readonly options: NamespaceOptions;
  readonly place: SourcePlace;
}

/** What `@Payload` was given. */
export interface PayloadOptions {
  /** The argument may be missing or `null`; the handler then gets `undefined`. Default: `false`. */
  readonly optional?: boolean;
  /** Names the type where the compiler cannot: generics, arrays (`() => [Dto]`), unions. */
  readonly type?: () => NamedType;
}

/**
 * Whose calls count together: those of a socket, of a user (`socket.data.user`, or its `id`; of an address while nobody is
 * signed in), of an address (of a /64 network in IPv6), or those with the same key. `undefined` as a key counts nothing.
 */
export type RateLimitKey =
  "socket" | "user" | "ip" | ((context: ExecutionContext) => string | number | null | undefined);

/** What `@RateLimit` was given. */
export interface RateLimitOptions {
  /** How many calls within `per`. */
  readonly points: number;
  /** Time from the first call that counts until all points are back. */
  readonly per: Duration;
  /** Default: `"socket"` for events, `"ip"` for connections. */
  readonly by?: RateLimitKey;
  /** On a class: what is counted, the gateway's events together or the connections to its namespace. Default: `"events"`. */
  readonly on?: "events" | "connection";
}

/** Whose events `@Serial` runs one after another. */
export type SerialKey = "user" | ((context: ExecutionContext) => string | number | null | undefined);

/** What `@Concurrency`, `@Serial` and `@Latest` recorded. */
export interface OrderRecord {
  concurrency?: number;
  serial?: SerialKey;
  isLatest?: true;
}

/** Where a parameter's value comes from. */
export type ParameterSource =
  | {
      readonly kind: "payload";
      readonly position: number | undefined;
      readonly options: PayloadOptions;
      readonly pipes?: readonly PipeLike[];
    }
  | { readonly kind: "auth"; readonly type: Class | StandardSchema | undefined; readonly pipes?: readonly PipeLike[] }
  | { readonly kind: PlainSource }
  | {
      readonly kind: NamedSource;
      /** Which one of them; `undefined` takes all. */
      readonly name: string | undefined;
      readonly pipes?: readonly PipeLike[];
    }
  | {
      readonly kind: "custom";
      readonly name: string;
      readonly resolve: (context: ExecutionContext) => unknown;
      readonly pipes?: readonly PipeLike[];
    };

/** What a call has one of. */
export type PlainSource =
  | "socket"
  | "namespace"
  | "server"
  | "context"
  | "ack"
  | "event"
  | "reason"
  | "handshake"
  | "user"
  | "rooms"
  | "signal";
/** What a call has several of, by name; parts of an event pattern by number. */
export type NamedSource = "param" | "eventParam" | "headers" | "query" | "data";

/** What the decorators of one method recorded, on the class that declares them. */
export interface MethodRecord extends EnhancerRecord {
  /** The decorator that stands next to the method; `undefined` when only others than those of events were used. */
  place: SourcePlace | undefined;
  /** Names of all decorators of the method and its parameters. */
  readonly decorators: Set<string>;
  readonly events: EventRecord[];
  readonly hooks: HookKind[];
  readonly parameters: Map<number, ParameterSource>;
  ack: { readonly type: PayloadType | (() => NamedType) | StandardSchema | undefined } | undefined;
  ackFormat: AckFormat | undefined;
  timeout: Duration | undefined;
  readonly order: OrderRecord;
  validation?: ValidationOptions;
  readonly rateLimits: RateLimitOptions[];
}

/** What the gateway decorators of one class recorded. */
export interface GatewayRecord extends EnhancerRecord {
  namespace: NamespaceRecord | undefined;
  validation?: ValidationOptions;
  readonly methods: Map<MethodKey, MethodRecord>;
  readonly rateLimits: RateLimitOptions[];
}

/** What `@Module` recorded. */
export interface ModuleRecord {
  readonly metadata: ModuleMetadata;
  readonly place: SourcePlace;
}

export interface InjectableRecord {
  readonly place: SourcePlace;
  readonly scope: Scope | undefined;
}

/** What `@Inject` and `@Optional` recorded for one constructor parameter or property. */
export interface InjectionRecord {
  token: InjectionToken | ForwardReference<InjectionToken> | undefined;
  /** Whether `@Inject` was given a token that is undefined, as import cycles make them. */
  isTokenMissing: boolean;
  isOptional: boolean;
}

/** By constructor parameter index, or by property name. */
export type InjectionRecords = Map<number | MethodKey, InjectionRecord>;
