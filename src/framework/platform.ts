import { Namespace, Server } from "../core.js";
import type { Platform } from "./container/injector.js";
import type { Class, InjectionToken } from "./contracts/class.js";
import { inheritedRecord } from "./gateway/method-records.js";
import { toNamespaceName } from "./gateway/names.js";

const NAMESPACE_PREFIX = "rookery.namespace:";

/**
 * Token of one namespace, for providers that are no gateway of it.
 *
 * @param name - with or without the leading slash.
 * @example constructor(@Inject(namespaceToken("/chat")) private readonly chat: SocketNamespace) {}
 */
export function namespaceToken(name: string): symbol {
  return Symbol.for(`${NAMESPACE_PREFIX}${toNamespaceName(name, "namespaceToken()")}`);
}

/**
 * What every provider may inject: `Server`, and `SocketNamespace`, which is a gateway's own namespace and "/" for everyone
 * else.
 */
export function platformOf(server: Server): Platform {
  return (token, requester) => {
    if (token === Server) return { provide: Server, useValue: server };
    const name = namespaceName(token, requester);
    return name === undefined ? undefined : { provide: namespaceToken(name), useValue: server.of(name) };
  };
}

function namespaceName(token: InjectionToken, requester: Class | undefined): string | undefined {
  if (typeof token === "symbol") {
    const key = Symbol.keyFor(token);
    return key?.startsWith(NAMESPACE_PREFIX) === true ? key.slice(NAMESPACE_PREFIX.length) : undefined;
  }
  if (token !== Namespace) return undefined;
  const pattern = requester === undefined ? undefined : inheritedRecord(requester)?.namespace?.pattern;
  return pattern === undefined ? "/" : toNamespaceName(pattern, requester?.name ?? "");
}
