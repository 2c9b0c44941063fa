import type { Class } from "../contracts/class.js";
import type { StandardSchema } from "../contracts/standard-schema.js";
import type { ExecutionContext } from "../contracts/execution-context.js";
import type {
  AckFormat,
  FilterLike,
  GuardLike,
  HookKind,
  InterceptorLike,
  MethodKey,
  NamedSource,
  PipeLike,
  PlainSource,
} from "../metadata/types.js";
import type { ValidationOptions } from "../validation/options.js";
import { at, type SourcePlace } from "../metadata/source-place.js";
import type { EventContract } from "./event-pattern.js";
import type { NamespacePattern } from "./namespace-pattern.js";

/**
 * What an application serves: built once at start from all decorators, read by everything that follows. It is plain data;
 * `JSON.stringify` prints classes and functions by their names.
 */
export interface ApplicationContract {
  /** Of this shape: it rises when readers have to change. */
  readonly version: 1;
  readonly global: GlobalContract;
  readonly namespaces: readonly NamespaceContract[];
}

/** What stands around all gateways, by the names of the classes, each kind in the order in which it runs. */
export type GlobalContract = Readonly<Record<keyof EnhancersContract, readonly string[]>>;

/** One namespace, or those that a pattern matches, with the gateways that share it. */
export interface NamespaceContract extends Pick<NamespacePattern, "kind" | "name" | "params"> {
  readonly gateways: readonly GatewayContract[];
}

/** What stands around a method, or around all methods of a gateway; each kind in the order in which it runs. */
export interface EnhancersContract {
  readonly guards: readonly Named<GuardLike>[];
  readonly interceptors: readonly Named<InterceptorLike>[];
  readonly pipes: readonly Named<PipeLike>[];
  readonly filters: readonly Named<FilterLike>[];
}

/** One gateway: what stands on its class, and what its methods serve. */
export interface GatewayContract extends EnhancersContract {
  readonly gateway: Named<Class>;
  /** The module that provides it. */
  readonly module: string;
  /** Where its decorator stands. */
  readonly place: SourcePlace;
  /** Of all its handlers together. */
  readonly rateLimits: readonly RateLimitContract[];
  /** Of the connections to its namespace. */
  readonly connectLimits: readonly RateLimitContract[];
  /** What of the application's `validation` is otherwise here. */
  readonly validation?: ValidationOptions | undefined;
  readonly handlers: readonly HandlerContract[];
  readonly hooks: readonly HookContract[];
}

/** How often something may happen. */
export interface RateLimitContract {
  readonly points: number;
  readonly perMs: number;
  readonly by: "socket" | "user" | "ip" | Named<(context: ExecutionContext) => string | number | null | undefined>;
}

/** How a handler's events wait for each other, where that is not the order of arrival. */
export interface OrderContract {
  /** How many of a socket run at once, beside its other events. */
  readonly concurrency?: number;
  /** Whose events run one after another, whichever socket they come from. */
  readonly serial?: "user" | Named<(context: ExecutionContext) => string | number | null | undefined>;
  /** Whether a newer event of a socket takes the place of an older one. */
  readonly isLatest?: true;
}

/** What handlers and hooks have in common. */
export interface MethodContract extends EnhancersContract {
  readonly method: Named<MethodKey>;
  /** Where its decorator stands. */
  readonly place: SourcePlace | undefined;
  /** As the source calls the parameters, in order; empty where it cannot be read. */
  readonly parameterNames: readonly string[];
  readonly parameters: readonly ParameterContract[];
  /** `undefined` leaves it to the application's `handlerTimeout`; 0 means no limit. */
  readonly timeoutMs: number | undefined;
  /** What of the gateway's or the application's `validation` is otherwise here. */
  readonly validation?: ValidationOptions | undefined;
  readonly rateLimits: readonly RateLimitContract[];
}

/** A method that handles events. */
export interface HandlerContract extends MethodContract {
  readonly events: readonly EventContract[];
  readonly ack: AckContract;
  /** `undefined` means one after another, in the order of arrival. */
  readonly order: OrderContract | undefined;
}

/** A method that runs when connections come or go, or for any event. */
export interface HookContract extends MethodContract {
  readonly kind: HookKind;
}

/** Who answers the client: nobody but the pipeline (`none`), the returned value, or the method by a callback. */
export interface AckContract {
  readonly kind: "none" | "value" | "callback";
  /** `undefined` leaves it to the application's `ackFormat`. */
  readonly format: AckFormat | undefined;
  /** What a value is serialised as. */
  readonly type: Named<Class> | undefined;
  /** What a value is checked and written by, in place of a class. */
  readonly schema?: Named<StandardSchema> | undefined;
  readonly isArray: boolean;
}

/** Where a parameter gets its value, and what is checked about it. */
export type ParameterContract =
  | PayloadContract
  | { readonly kind: "auth"; readonly check: PayloadCheck; readonly pipes: readonly Named<PipeLike>[] }
  | { readonly kind: PlainSource }
  | NamedContract
  | {
      readonly kind: "custom";
      readonly name: string;
      readonly resolve: Named<(context: ExecutionContext) => unknown>;
      readonly pipes: readonly Named<PipeLike>[];
    };

/** A parameter that takes one of several named values, or all of them. */
export interface NamedContract {
  readonly kind: NamedSource;
  /** `undefined` takes all. */
  readonly name: string | undefined;
  readonly pipes: readonly Named<PipeLike>[];
}

/** A parameter that takes an argument of the event, or all that are left. */
export interface PayloadContract {
  readonly kind: "payload";
  /** Which argument of the event, counted from 0. */
  readonly position: number;
  readonly isOptional: boolean;
  /** Whether it takes all arguments from `position` on, each checked. */
  readonly isRest: boolean;
  readonly check: PayloadCheck;
  /** Its own, which run after those of method, gateway and application. */
  readonly pipes: readonly Named<PipeLike>[];
}

/** What an argument has to be. */
export interface PayloadCheck {
  readonly kind: "any" | "string" | "number" | "boolean" | "bytes" | "array" | "dto" | "schema";
  /** The class, for `dto`. */
  readonly type: Named<Class> | undefined;
  /** The schema, for `schema`. */
  readonly schema?: Named<StandardSchema> | undefined;
  /** Whether an array of that is expected. */
  readonly isArray: boolean;
}

/** A live value that prints as its name, so that a contract can hold both. */
export class Named<T> {
  readonly name: string;
  readonly value: T;

  constructor(name: string, value: T) {
    this.name = name;
    this.value = value;
  }

  toJSON(): string {
    return this.name;
  }
}

/** `ChatGateway.send`, as errors and logs name a method. */
export function methodLabel(gateway: Named<Class>, method: Named<MethodKey>): string {
  return typeof method.value === "symbol" ? `${gateway.name}[${method.name}]` : `${gateway.name}.${method.name}`;
}

/** `parameter 2 (text) of ChatGateway.send (src/chat.gateway.ts:12)`, as errors name a parameter. */
export function parameterLabel(
  { gateway, place: gatewayPlace }: GatewayContract,
  { method, place = gatewayPlace, parameterNames }: MethodContract,
  index: number,
): string {
  const name = parameterNames[index] ?? "";
  return `parameter ${index + 1}${name === "" ? "" : ` (${name})`} of ${at(methodLabel(gateway, method), place)}`;
}
