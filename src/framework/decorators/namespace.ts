import type { Class } from "../contracts/class.js";
import { checkGiven, checkLegacy, gatewayRecord, misplaced } from "../metadata/records.js";
import { at, callerOf } from "../metadata/source-place.js";
import type { NamespaceOptions } from "../metadata/types.js";

/**
 * Makes a class a gateway: its handlers serve the clients of that Socket.IO namespace. Several gateways may share one.
 *
 * @param pattern - the namespace's name, such as `"/chat"` (a leading `/` is added when missing); a path with parameters,
 * such as `"/orders/:id"`, read by `@Param("id")`; or a RegExp without the flags g and y, whose groups are parameters.
 * A name wins over a path, a path over a RegExp. Default: `"/"`.
 */
export function Namespace(pattern?: string | RegExp, options?: NamespaceOptions): ClassDecorator;
export function Namespace(...given: readonly [pattern?: string | RegExp, options?: NamespaceOptions]): ClassDecorator {
  // A name that does not exist must not become that of the main namespace.
  const pattern = given.length === 1 ? given[0] : (given[0] ?? "/");
  const options = given[1] ?? {};
  const place = callerOf(Namespace);
  return (target, ...more: unknown[]) => {
    checkLegacy(more[0], "Namespace");
    if (more.length > 0) throw misplaced("Namespace", at("a member of a class", place), "Put it on the class.");
    checkGiven(options.middlewares ?? [], "Namespace", target);
    place.describe({ decorator: "Namespace", owner: target.name, member: undefined });
    gatewayRecord(target as unknown as Class).namespace = { pattern, options, place };
  };
}
