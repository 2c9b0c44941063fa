import type { AbstractClass, Application, CloseOptions, InjectionToken } from "../framework/index.js";
import type { DefaultEventsMap, EventsMap, Server } from "../core.js";
import { Activity } from "./activity.js";
import { TestClient } from "./client.js";
import { TestingError } from "./errors.js";
import { Link, type RequestOptions } from "./link.js";
import type { LogBook, LogEntry } from "./log-book.js";

/** What a client says of itself. */
export interface ConnectOptions extends RequestOptions {
  /** What gateways read by `@Auth()` and `socket.handshake.auth`. */
  readonly auth?: Readonly<Record<string, unknown>>;
}

const DRAIN_MS = 1_000;

/** An application under test: started, serving clients in memory and no port. */
export class TestingApplication {
  readonly #application: Application;
  readonly #log: LogBook;
  readonly #activity: Activity;
  #isClosed = false;

  /** @internal */
  constructor(application: Application, log: LogBook) {
    this.#application = application;
    this.#log = log;
    this.#activity = new Activity(() => application.whenIdle());
  }

  /** The Socket.IO server below. */
  get server(): Server {
    return this.#application.server;
  }

  /** What the application has logged. Nothing of it is printed, unless the options named a logger. */
  get log(): readonly LogEntry[] {
    return this.#log.entries;
  }

  /**
   * An instance that the container has made.
   *
   * @throws GatewayError `GATEWAY_NOT_FOUND`
   */
  get<T = unknown>(token: InjectionToken<T> | AbstractClass<T & object>): T {
    return this.#application.get(token);
  }

  /**
   * Connects a client, on a connection of its own.
   *
   * @param namespace - default: "/". The leading slash may be left out.
   * @throws ConnectError when the connection is refused; TestingError `TESTING_CLOSED`
   */
  async connect<Listen extends EventsMap = DefaultEventsMap, Emit extends EventsMap = DefaultEventsMap>(
    namespace = "/",
    { auth, ...request }: ConnectOptions = {},
  ): Promise<TestClient<Listen, Emit>> {
    if (this.#isClosed) throw new TestingError("TESTING_CLOSED");
    const link = await Link.open(this.server, request, this.#activity);
    const name = namespace.startsWith("/") ? namespace : `/${namespace}`;
    const client = new TestClient<Listen, Emit>(link, name, { activity: this.#activity, log: this.#log });
    await client.join(auth);
    return client;
  }

  /**
   * Resolves when everything has come to rest: no frame on its way, no client that waits for an answer, no handler that
   * runs. What a handler starts and does not await is not waited for.
   */
  async settled(): Promise<void> {
    await this.#activity.settled();
  }

  /**
   * Disconnects everyone and runs the closing hooks, as `Application.close` does; but handlers that never end are left
   * behind sooner (`drainMs` of 1_000 ms by default), so that this ends before a test's timeout.
   *
   * @throws GatewayError `GATEWAY_SHUTDOWN_FAILED`
   */
  async close({ drainMs = DRAIN_MS }: CloseOptions = {}): Promise<void> {
    this.#isClosed = true;
    await this.#application.close({ drainMs });
    await this.#activity.rest();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
