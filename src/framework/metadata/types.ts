import type { Class, InjectionToken } from "../contracts/class.js";
import type { ExecutionContext } from "../contracts/execution-context.js";
import type { ExceptionFilter } from "../contracts/filter.js";
import type { CanActivate } from "../contracts/guard.js";
import type { Scope } from "../contracts/module.js";

/** Milliseconds, or text such as `"500ms"`, `"5s"`, `"2m"`, `"1h"`. */
export type Duration = number | string;

/** A class, or an array of one (`[Dto]`). */
export type PayloadType = Class | readonly [Class];

export type MethodKey = string | symbol;
/** A guard, or a class that the container makes one of. */
export type GuardLike = Class<CanActivate> | CanActivate;
/** A filter, or a class that the container makes one of. */
export type FilterLike = Class<ExceptionFilter> | ExceptionFilter;
/** What of a connection a hook is for. */
export type HookKind = "connect" | "disconnecting" | "disconnect";

/** What `@Payload` was given. */
export interface PayloadOptions {
  /** The argument may be missing or `null`; the handler then gets `undefined`. Default: `false`. */
  readonly optional?: boolean;
  /** Names the type where the compiler cannot: generics, arrays (`() => [Dto]`), unions. */
  readonly type?: () => PayloadType;
}

/** Where a parameter's value comes from. */
export type ParameterSource =
  | { readonly kind: "payload"; readonly position: number | undefined; readonly options: PayloadOptions }
  | { readonly kind: "auth"; readonly type: Class | undefined }
  | { readonly kind: "socket" | "ack" | "event" | "reason" }
  | { readonly kind: "custom"; readonly name: string; readonly resolve: (context: ExecutionContext) => unknown };

/** What the decorators of one method recorded, on the class that declares them. */
export interface MethodRecord {
  readonly events: string[];
  readonly hooks: HookKind[];
  readonly parameters: Map<number, ParameterSource>;
  readonly guards: GuardLike[];
  readonly filters: FilterLike[];
  ack: { readonly type: PayloadType | (() => PayloadType) | undefined } | undefined;
  timeout: Duration | undefined;
}

/** What the gateway decorators of one class recorded. */
export interface GatewayRecord {
  namespace: { readonly pattern: unknown } | undefined;
  readonly guards: GuardLike[];
  readonly filters: FilterLike[];
  readonly methods: Map<MethodKey, MethodRecord>;
}

export interface InjectableRecord {
  readonly scope: Scope | undefined;
}

/** What `@Inject` and `@Optional` recorded for one constructor parameter or property. */
export interface InjectionRecord {
  token: InjectionToken | undefined;
  /** Whether `@Inject` was given a token that is undefined, as import cycles make them. */
  isTokenMissing: boolean;
  isOptional: boolean;
}

/** By constructor parameter index, or by property name. */
export type InjectionRecords = Map<number | MethodKey, InjectionRecord>;
