import type { ExecutionContext } from "./execution-context.js";

/**
 * Stands around a call: what it does before `next()` happens before pipes, validation and handler, the rest after them.
 *
 * It returns what the call comes to, at once, as a promise or as an Observable: usually what `next()` resolves to,
 * changed or not. Without calling `next()` the handler does not run. A throw goes to the filters.
 */
export interface Interceptor {
  /**
   * @param next - runs the rest of the call and resolves to what it returned; rejects with what it threw. Each call of
   * it runs the rest anew.
   */
  intercept(context: ExecutionContext, next: () => Promise<unknown>): unknown;
}
