import type { IncomingMessage, ServerResponse } from "node:http";

/** An express-style middleware: helmet, express-session, cors. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

/**
 * Runs middlewares one after another.
 *
 * @param done - called once: with the error of the middleware that failed or threw, or with nothing after the last. Not
 * called when a middleware answers the request itself.
 */
export function runMiddlewares(
  middlewares: readonly Middleware[],
  request: IncomingMessage,
  response: ServerResponse,
  done: (error?: unknown) => void,
): void {
  const run = (index: number): void => {
    const middleware = middlewares[index];
    if (middleware === undefined) {
      done();
      return;
    }
    let called = false;
    const next = (error?: unknown): void => {
      if (called) return;
      called = true;
      if (error === undefined || error === null) run(index + 1);
      else done(error);
    };
    try {
      middleware(request, response, next);
    } catch (error) {
      next(error);
    }
  };
  run(0);
}
