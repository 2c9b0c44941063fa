import type {
  ContractJson,
  GatewayJson,
  HandlerJson,
  MethodJson,
  ParameterJson,
  PlaceJson,
  RateLimitJson,
} from "./contract.js";

/** One event of a namespace, and what becomes of it. */
export interface RouteRow {
  /** Name or pattern. */
  readonly namespace: string;
  /** Name or pattern; of a hook `(connect)`, `(disconnect)` and the like, of what nobody handles `(unhandled)`. */
  readonly event: string;
  /** `ChatGateway.send` */
  readonly handler: string;
  /** What the client's arguments are checked against, in order. */
  readonly takes: readonly string[];
  /** In the order in which they are asked. */
  readonly guards: readonly string[];
  /** `5 per 10 s by socket` */
  readonly limits: readonly string[];
  /** What the acknowledgement carries: a class, `value`, `callback`, or `none`. */
  readonly ack: string;
  /** Relative to the workspace. */
  readonly file: string;
  readonly line: number;
}

/** Every route of an app, in the order of its contract. */
export function routeRows({ global, namespaces }: ContractJson): RouteRow[] {
  return namespaces.flatMap(({ name, gateways }) =>
    gateways.flatMap((gateway) => {
      const shared = { namespace: name, globalGuards: global.guards, gateway };
      return [
        ...gateway.hooks.map((hook) => toRow(`(${hook.kind})`, hook, { ...shared, ack: "none" })),
        ...gateway.handlers.flatMap((handler) =>
          handler.events.map((event) => toRow(eventName(event), handler, { ...shared, ack: ackName(handler.ack) })),
        ),
      ];
    }),
  );
}

interface Surrounding {
  readonly namespace: string;
  readonly globalGuards: readonly string[];
  readonly gateway: GatewayJson;
  readonly ack: string;
}

function toRow(event: string, method: MethodJson, { namespace, globalGuards, gateway, ack }: Surrounding): RouteRow {
  const { file, line }: PlaceJson = method.place ?? gateway.place;
  return {
    namespace,
    event,
    handler: `${gateway.gateway}.${method.method}`,
    takes: method.parameters.flatMap(takenType),
    // Nobody asks guards about those who leave.
    guards: event.startsWith("(disconnect") ? [] : [...globalGuards, ...gateway.guards, ...method.guards],
    limits: [...gateway.rateLimits, ...method.rateLimits].map(limitText),
    ack,
    file,
    line,
  };
}

function eventName({ kind, name }: HandlerJson["events"][number]): string {
  return kind === "unhandled" ? "(unhandled)" : name;
}

function takenType({ kind, check, isOptional = false, isRest = false }: ParameterJson): string[] {
  if (check === undefined) return [];
  const name = check.type ?? check.schema ?? check.kind;
  const text = `${isRest ? "..." : ""}${name}${check.isArray ? "[]" : ""}${isOptional ? "?" : ""}`;
  return [kind === "auth" ? `auth: ${text}` : text];
}

function ackName({ kind, type, schema, isArray }: HandlerJson["ack"]): string {
  const name = type ?? schema;
  return name === undefined ? kind : `${name}${isArray ? "[]" : ""}`;
}

function limitText({ points, perMs, by }: RateLimitJson): string {
  return `${points} per ${perMs % 1_000 === 0 ? `${perMs / 1_000} s` : `${perMs} ms`} by ${by}`;
}
