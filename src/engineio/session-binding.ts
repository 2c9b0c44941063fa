import type { IncomingMessage } from "node:http";
import type { Logger } from "../common/index.js";

/** Tells what a session's requests have in common beside its id: a cookie, a TLS session, an address. */
export type DescribeRequest = (request: IncomingMessage) => string | undefined;

/**
 * Binds polling sessions to what their first request tells of its client, so that somebody who has learnt a session's id
 * cannot go on in its place.
 */
export class SessionBinding {
  readonly #describe: DescribeRequest;
  readonly #logger: Logger;
  readonly #descriptions = new WeakMap<object, string>();

  constructor(describe: DescribeRequest, logger: Logger) {
    this.#describe = describe;
    this.#logger = logger;
  }

  /** @throws whatever the application throws; the session must not open then. */
  bind(session: object, request: IncomingMessage): void {
    const description = this.#describe(request);
    if (description !== undefined) this.#descriptions.set(session, description);
  }

  isBound(session: object): boolean {
    return this.#descriptions.has(session);
  }

  /** Whether a request may go on with the session. */
  admits(session: object, request: IncomingMessage): boolean {
    const description = this.#descriptions.get(session);
    if (description === undefined) return true;
    try {
      return this.#describe(request) === description;
    } catch (error) {
      this.#logger.error("sessionBinding threw; the request is refused", { error });
      return false;
    }
  }
}
