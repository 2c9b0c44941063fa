/**
 * The part of an application's contract that routes are shown from, as JSON writes it: classes and functions are names. The
 * shape is that of `ApplicationContract`, version 1; an app may have another version of Rookery than the command.
 */
export interface ContractJson {
  readonly version: number;
  readonly global: EnhancersJson;
  readonly namespaces: readonly NamespaceJson[];
}

/** What stands around calls. */
export interface EnhancersJson {
  readonly guards: readonly string[];
}

export interface NamespaceJson {
  readonly kind: string;
  readonly name: string;
  readonly gateways: readonly GatewayJson[];
}

export interface GatewayJson extends EnhancersJson {
  readonly gateway: string;
  readonly module: string;
  readonly place: PlaceJson;
  readonly rateLimits: readonly RateLimitJson[];
  readonly handlers: readonly HandlerJson[];
  readonly hooks: readonly HookJson[];
}

export interface MethodJson extends EnhancersJson {
  readonly method: string;
  readonly place?: PlaceJson;
  readonly parameters: readonly ParameterJson[];
  readonly rateLimits: readonly RateLimitJson[];
}

export interface HandlerJson extends MethodJson {
  readonly events: readonly { readonly kind: string; readonly name: string }[];
  readonly ack: {
    readonly kind: "none" | "value" | "callback";
    readonly type?: string;
    readonly schema?: string;
    readonly isArray: boolean;
  };
}

export interface HookJson extends MethodJson {
  readonly kind: string;
}

export interface PlaceJson {
  readonly file: string;
  readonly line: number;
}

export interface RateLimitJson {
  readonly points: number;
  readonly perMs: number;
  readonly by: string;
}

export interface ParameterJson {
  readonly kind: string;
  readonly isOptional?: boolean;
  readonly isRest?: boolean;
  /** Of payloads and `auth`. */
  readonly check?: {
    readonly kind: string;
    readonly type?: string;
    readonly schema?: string;
    readonly isArray: boolean;
  };
}

/** The newest contract that can be read. */
export const CONTRACT_VERSION = 1;
