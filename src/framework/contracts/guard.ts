import type { ExecutionContext } from "./execution-context.js";

/**
 * Decides who may connect and who may call. One guard serves both: `context.kind` tells which.
 *
 * Only `true` admits; anything else is answered `FORBIDDEN`. A thrown `GatewayException` chooses another answer.
 */
export interface CanActivate {
  canActivate(context: ExecutionContext): boolean | PromiseLike<boolean>;
}
