import type { ExecutionContext } from "./execution-context.js";

/**
 * Sees what was thrown before the client does.
 *
 * - returns `undefined`: the error goes on, to the next filter and at last to the client;
 * - throws: that error goes on in its place;
 * - returns anything else: the call has succeeded with that value (a connection stays refused).
 */
export interface ExceptionFilter<T = unknown> {
  catch(error: T, context: ExecutionContext): unknown;
}
