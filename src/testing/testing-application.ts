import { clearInterval, setInterval } from "node:timers";
import type {
  AbstractClass,
  Application,
  Class,
  CloseOptions,
  ExecutionContext,
  InjectionToken,
} from "../framework/index.js";
import type { DefaultEventsMap, EventsMap, Server, Socket } from "../core.js";
import type { End } from "./activity.js";
import type { ClientAuth } from "./client-types.js";
import { TestClient } from "./client.js";
import { joinServers, type Tuple } from "./cluster.js";
import { Connection } from "./connection.js";
import { TestingError } from "./errors.js";
import { invokeIn, serverSocketOf, type AnswerOf, type InvokeOptions, type MethodName } from "./invoke.js";
import type { RequestOptions } from "./link.js";
import type { LogEntry } from "./log-book.js";
import { toNamespaceName } from "./namespace-name.js";
import { Recording } from "./recording.js";
import { replay } from "./replay.js";
import type { Surroundings } from "./surroundings.js";
import type { VirtualClock } from "./virtual-clock.js";

/** What a client says of itself. */
export interface ConnectOptions extends RequestOptions {
  /** What gateways read by `@Auth()` and `socket.handshake.auth`. */
  readonly auth?: ClientAuth;
}

const DRAIN_MS = 1_000;

/** An application under test: started, serving clients in memory and no port. */
export class TestingApplication {
  readonly #application: Application;
  readonly #surroundings: Surroundings;
  readonly #another: () => Promise<TestingApplication>;
  readonly #unwatch: End;
  #others: readonly TestingApplication[] = [];
  #isClosed = false;

  /**
   * @param another - starts one more of the same, with the same surroundings.
   * @internal
   */
  constructor(application: Application, surroundings: Surroundings, another: () => Promise<TestingApplication>) {
    this.#application = application;
    this.#surroundings = surroundings;
    this.#another = another;
    this.#unwatch = surroundings.activity.watch(() => application.whenIdle());
  }

  /** The Socket.IO server below. */
  get server(): Server {
    return this.#application.server;
  }

  /** What the application has logged. Nothing of it is printed, unless the options named a logger. */
  get log(): readonly LogEntry[] {
    return this.#surroundings.log.entries;
  }

  /** The time that the server measures by. */
  get clock(): VirtualClock {
    return this.#surroundings.clock;
  }

  /**
   * A singleton that the container has made.
   *
   * @throws GatewayError `GATEWAY_NOT_FOUND`, `GATEWAY_NOT_SINGLETON`
   */
  get<T = unknown>(token: InjectionToken<T> | AbstractClass<T & object>): T {
    return this.#application.get(token);
  }

  /**
   * What `token` means for one connection (a client, or a socket of `server`) or one call; a transient provider is made
   * anew.
   *
   * @throws GatewayError `GATEWAY_NOT_FOUND`, `GATEWAY_NO_SCOPE`; TestingError `TESTING_DISCONNECTED`
   */
  async resolve<T = unknown>(
    token: InjectionToken<T> | AbstractClass<T & object>,
    subject?: TestClient | Socket | ExecutionContext,
  ): Promise<T> {
    const own = TestClient.is(subject) ? serverSocketOf(subject, this.server, "it was asked about") : subject;
    return this.#application.resolve(token, own);
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
    const connection = new Connection(this.server, request, this.#surroundings.activity);
    const client = new TestClient<Listen, Emit>(connection, toNamespaceName(namespace), {
      ...this.#surroundings,
      server: this.server,
      isClosed: () => this.#isClosed,
      ackFormatOf: (name, event) => this.#application.ackFormatOf(name, event),
    });
    await client.join(auth);
    return client;
  }

  /**
   * Runs one method of a gateway by itself, through all that stands around it: rate limits, guards, pipes, validation,
   * interceptors, filters, serialisation. It waits for no other event of the socket. `@OnConnect` and `@OnDisconnect` hooks
   * may be named too.
   *
   * @param args - arguments of the event, as a client would send them; of a disconnect hook its reason.
   * @returns what a client would get as the acknowledgement, as a value whatever the `ackFormat`: `undefined` when the
   * method has no `@Ack()`.
   * @throws AckError; GatewayError `GATEWAY_NOT_FOUND`, `GATEWAY_NOT_A_HANDLER`; TestingError `TESTING_CLOSED`
   */
  async invoke<Gateway extends object, Name extends MethodName<Gateway>>(
    gateway: Class<Gateway>,
    method: Name,
    args: readonly unknown[] = [],
    options: InvokeOptions = {},
  ): Promise<AnswerOf<Gateway, Name>> {
    if (this.#isClosed) throw new TestingError("TESTING_CLOSED");
    const { activity, log } = this.#surroundings;
    const invoked = activity.timers.within(() =>
      invokeIn(this.#application, { gateway, method, args }, { options, log }),
    );
    return (await invoked) as AnswerOf<Gateway, Name>;
  }

  /**
   * Resolves when everything has come to rest: no frame on its way, no client that waits for an answer, no handler or hook
   * that runs, and no timer that one of them has started and that is due soon (`timersWithinMs`).
   */
  async settled(): Promise<void> {
    await this.#surroundings.activity.settled();
  }

  /**
   * Makes this application the first of a cluster: starts others of the same module and overrides, and joins their servers.
   * They share the clock and the log; `settled()` of one waits for all; `close()` of this one closes all.
   *
   * @returns `size` applications, this one in front.
   * @throws TestingError `TESTING_CLUSTER_LATE` when clients are connected already
   */
  async cluster<Size extends number>(size: Size): Promise<Tuple<TestingApplication, Size>> {
    if (this.server.engine.clientsCount > 0) throw new TestingError("TESTING_CLUSTER_LATE");
    this.#others = await Promise.all(Array.from({ length: size - 1 }, () => this.#another()));
    const members = [this, ...this.#others];
    const servers = members.map(({ server }) => server);
    joinServers(servers, this.#surroundings.activity);
    return members as Tuple<TestingApplication, Size>;
  }

  /**
   * Writes down the frames of all connections that are opened from now on. From here on the clock stands still, so that a
   * transcript says the same each time.
   */
  record(): Recording {
    return new Recording(this.server, this.clock);
  }

  /**
   * Plays the part of the clients in a transcript that `record()` made: opens the connections and sends the frames, each
   * when everything before it has had its effect.
   *
   * @returns what was said this time: the same text, while the application does the same.
   * @throws TestingError `TESTING_BAD_TRANSCRIPT`
   */
  async replay(transcript: string): Promise<string> {
    return replay(transcript, this.server, this.#surroundings);
  }

  /**
   * Disconnects everyone and runs the closing hooks, as `Application.close` does; but handlers that never end are left
   * behind sooner (`drainMs` of 1_000 ms by default), so that this ends before a test's timeout.
   *
   * @throws GatewayError `GATEWAY_SHUTDOWN_FAILED`
   */
  async close(options: CloseOptions = {}): Promise<void> {
    this.#isClosed = true;
    this.clock.start();
    // Nothing is awaited in vain: closing begins within this call, for tests that then move a clock of their own.
    const ending = this.#application.directCalls?.end();
    if (ending !== undefined) await ending;
    const others = this.#others.map((other) => other.close(options));
    // Closing may wait for time to pass, and the clock's timers hold no process.
    const hold = setInterval(() => undefined, DRAIN_MS);
    try {
      await Promise.all([this.#application.close({ drainMs: DRAIN_MS, ...options }), ...others]);
      await this.#surroundings.activity.rest();
    } finally {
      clearInterval(hold);
      this.#unwatch();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
