import type { Class } from "../contracts/class.js";
import type { ExecutionContext } from "../contracts/execution-context.js";
import type { FilterLike, GuardLike, HookKind, MethodKey } from "../metadata/types.js";

/**
 * What an application serves: built once at start from all decorators, read by everything that follows. It is plain data;
 * `JSON.stringify` prints classes and functions by their names.
 */
export interface ApplicationContract {
  readonly namespaces: readonly NamespaceContract[];
}

/** One namespace, with the gateways that share it. */
export interface NamespaceContract {
  readonly name: string;
  readonly gateways: readonly GatewayContract[];
}

/** One gateway: what stands on its class, and what its methods serve. */
export interface GatewayContract {
  readonly gateway: Named<Class>;
  readonly guards: readonly Named<GuardLike>[];
  readonly filters: readonly Named<FilterLike>[];
  readonly handlers: readonly HandlerContract[];
  readonly hooks: readonly HookContract[];
}

/** What handlers and hooks have in common. */
export interface MethodContract {
  readonly method: Named<MethodKey>;
  readonly parameters: readonly ParameterContract[];
  readonly guards: readonly Named<GuardLike>[];
  readonly filters: readonly Named<FilterLike>[];
  /** `undefined` leaves it to the application's `handlerTimeout`; 0 means no limit. */
  readonly timeoutMs: number | undefined;
}

/** A method that handles events. */
export interface HandlerContract extends MethodContract {
  readonly events: readonly string[];
  readonly ack: AckContract;
}

/** A method that runs when connections come or go. */
export interface HookContract extends MethodContract {
  readonly kind: HookKind;
}

/** Who answers the client: nobody but the pipeline (`none`), the returned value, or the method by a callback. */
export interface AckContract {
  readonly kind: "none" | "value" | "callback";
  /** What a value is serialised as. */
  readonly type: Named<Class> | undefined;
  readonly isArray: boolean;
}

/** Where a parameter gets its value, and what is checked about it. */
export type ParameterContract =
  | PayloadContract
  | { readonly kind: "auth"; readonly check: PayloadCheck }
  | { readonly kind: "socket" | "ack" | "event" | "reason" }
  | { readonly kind: "custom"; readonly name: string; readonly resolve: Named<(context: ExecutionContext) => unknown> };

/** A parameter that takes an argument of the event, or all that are left. */
export interface PayloadContract {
  readonly kind: "payload";
  /** Which argument of the event, counted from 0. */
  readonly position: number;
  readonly isOptional: boolean;
  /** Whether it takes all arguments from `position` on, each checked. */
  readonly isRest: boolean;
  readonly check: PayloadCheck;
}

/** What an argument has to be. */
export interface PayloadCheck {
  readonly kind: "any" | "string" | "number" | "boolean" | "bytes" | "array" | "dto";
  /** The class, for `dto`. */
  readonly type: Named<Class> | undefined;
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
  return `${gateway.name}.${method.name}`;
}
