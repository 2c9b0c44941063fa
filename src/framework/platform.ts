import { Namespace, Server, Socket } from "../core.js";
import type { Platform } from "./container/injector.js";
import type { AmbientProvider, ProviderNode, Subject } from "./container/provider-node.js";
import type { InjectionToken } from "./contracts/class.js";
import { ExecutionContext } from "./contracts/execution-context.js";
import type { ValueProvider } from "./contracts/module.js";
import { inheritedRecord } from "./gateway/method-records.js";
import { toNamespacePattern } from "./gateway/namespace-pattern.js";
import type { Namespaces } from "./gateway/namespaces.js";
import { HANDSHAKE } from "./metadata/keys.js";
import { ContextLogger } from "./observability/context-logger.js";
import { Reflector } from "./reflector.js";

const NAMESPACE_PREFIX = "rookery.namespace:";
const REFLECTOR = new Reflector();

/**
 * Token of one namespace, for providers that are no gateway of it.
 *
 * @param name - with or without the leading slash; a path pattern stands for all namespaces that it matches.
 * @example constructor(@Inject(namespaceToken("/chat")) private readonly chat: SocketNamespace) {}
 */
export function namespaceToken(name: string): symbol {
  return Symbol.for(`${NAMESPACE_PREFIX}${toNamespacePattern(name, "namespaceToken()").name}`);
}

/**
 * What every provider may inject: `Server`; `ContextLogger`; `Reflector`; and `SocketNamespace`, which is that of the socket within a
 * scope, a gateway's own for its singleton, and "/" for everyone else. Within a scope there are also the socket, its
 * handshake, and the call.
 */
export function platformOf(server: Server, namespaces: Namespaces): Platform {
  return (token, requester) => {
    if (token === Server) return { provide: Server, useValue: server };
    if (token === ContextLogger) return loggerOf(requester, server);
    if (token === Reflector) return { provide: Reflector, useValue: REFLECTOR };
    const ambient = AMBIENT.get(token);
    if (ambient !== undefined && (token !== Namespace || isScoped(requester))) return ambient;
    const name = namespaceName(token, requester);
    return name === undefined ? undefined : { provide: namespaceToken(name), useValue: namespaces.of(name) };
  };
}

/** Whoever asks gets one under its own name. */
function loggerOf(requester: ProviderNode | undefined, { logger }: Server): ValueProvider {
  const context = requester?.implementation?.name ?? "Application";
  return { provide: Symbol.for(`rookery.logger:${context}`), useValue: new ContextLogger(logger, { context }) };
}

const AMBIENT = new Map<InjectionToken, AmbientProvider>([
  [Socket, { provide: Socket, scope: "connection", read: socketOf }],
  [Namespace, { provide: Namespace, scope: "connection", read: (subject) => socketOf(subject).nsp }],
  [HANDSHAKE, { provide: HANDSHAKE, scope: "connection", read: (subject) => socketOf(subject).handshake }],
  [ExecutionContext, { provide: ExecutionContext, scope: "message", read: (call) => call }],
]);

function socketOf(subject: Subject): Socket {
  return subject instanceof Socket ? subject : subject.socket;
}

function isScoped(requester: ProviderNode | undefined): boolean {
  return requester?.scope === "connection" || requester?.scope === "message";
}

function namespaceName(token: InjectionToken, requester: ProviderNode | undefined): string | undefined {
  if (typeof token === "symbol") {
    const key = Symbol.keyFor(token);
    return key?.startsWith(NAMESPACE_PREFIX) === true ? key.slice(NAMESPACE_PREFIX.length) : undefined;
  }
  if (token !== Namespace) return undefined;
  const type = requester?.implementation;
  const pattern = type === undefined ? undefined : inheritedRecord(type)?.namespace?.pattern;
  return pattern === undefined ? "/" : toNamespacePattern(pattern, type?.name ?? "").name;
}
