import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * An express-style middleware: helmet, express-session, cors. A promise that it returns is watched for its rejection.
 *
 * A method, whose parameters are bivariant: express declares more of a request than one has that express never saw.
 */
export type Middleware = {
  run(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): unknown;
}["run"];

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
  if (middlewares.length === 0) {
    done();
    return;
  }
  const run = (index: number): void => {
    const middleware = middlewares[index];
    if (middleware === undefined) {
      done();
      return;
    }
    let called = false;
    const next = (error?: unknown): void => {
      if (called || response.headersSent) return;
      called = true;
      if (error) done(error);
      else run(index + 1);
    };
    // Whatever was thrown, and be it nothing, is a failure.
    const fail = (error: unknown): void => {
      next(error || "no reason given");
    };
    try {
      // An async middleware fails later than a plain one.
      Promise.resolve(middleware(request, response, next)).catch(fail);
    } catch (error) {
      fail(error);
    }
  };
  run(0);
}
