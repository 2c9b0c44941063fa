import type { Server } from "../core.js";
import type { Activity } from "./activity.js";
import { Link, type RequestOptions } from "./link.js";

/** The connection that the clients of several namespaces share: opened when the first needs it, and anew after its end. */
export class Connection {
  readonly #server: Server;
  readonly #request: RequestOptions;
  readonly #activity: Activity;
  #opening: Promise<Link> | undefined;

  constructor(server: Server, request: RequestOptions, activity: Activity) {
    this.#server = server;
    this.#request = request;
    this.#activity = activity;
  }

  /** @throws EngineError, as `engine.accept` does */
  async open(): Promise<Link> {
    // Whoever comes meanwhile gets the same.
    this.#opening = this.#openAfter(this.#opening);
    return this.#opening;
  }

  async #openAfter(previous: Promise<Link> | undefined): Promise<Link> {
    const link = await previous?.catch(() => undefined);
    return link?.isOpen === true ? link : Link.open(this.#server, this.#request, this.#activity);
  }
}
