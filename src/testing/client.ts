import { setImmediate as nextTurn } from "node:timers/promises";
import type {
  AllButLast,
  DefaultEventsMap,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
} from "../core.js";
import type { AckPromise, Answer, ClientAuth, ClientReservedEvents, ReceivedArgs } from "./client-types.js";
import type { Connection } from "./connection.js";
import { TestingError } from "./errors.js";
import type { ConnectionLoss } from "./link.js";
import { callBack, Listeners, type Listener } from "./listeners.js";
import type { LogEntry } from "./log-book.js";
import { Mailbox, type ReceivedEvent } from "./mailbox.js";
import type { Question } from "./question.js";
import { readReply } from "./reply.js";
import { Session, type ClientContext, type ClientDisconnectReason } from "./session.js";
import { toNamespaceName } from "./namespace-name.js";

const BRAND = Symbol.for("rookery.testClient");

/**
 * A Socket.IO client in one namespace, in memory: it speaks the frames that a real one would.
 *
 * Everything received is kept, so a test may look for an event before or after it has come: `next()` and the matcher
 * `toReceive` take each event once, `received()` and `toHaveReceived` only look. Listeners added right after `connect()`
 * also hear what the server emitted while it let the client in.
 */
export class TestClient<Listen extends EventsMap = DefaultEventsMap, Emit extends EventsMap = DefaultEventsMap> {
  readonly [BRAND] = true;
  readonly #context: ClientContext;
  readonly #connection: Connection;
  readonly #session: Session;
  readonly #mailbox = new Mailbox();
  readonly #listeners = new Listeners();
  #auth: ClientAuth | undefined;

  /** @internal */
  constructor(connection: Connection, namespace: string, context: ClientContext) {
    this.#context = context;
    this.#connection = connection;
    this.#session = new Session(namespace, context, {
      onEvent: (event, args, question) => {
        this.#onEvent(event, args, question);
      },
      onEnd: (reason) => {
        this.#mailbox.wake();
        this.#listeners.call("disconnect", [reason]);
      },
    });
  }

  /** Like `instanceof`, but true across copies of the package and jest's realms. */
  static is(value: unknown): value is TestClient {
    return typeof value === "object" && value !== null && BRAND in value;
  }

  get namespace(): string {
    return this.#session.namespace;
  }

  /** Id of the server's socket; it stays when the client has gone. */
  get id(): string {
    return this.#session.id;
  }

  get connected(): boolean {
    return this.#session.isConnected;
  }

  /** Whether the server has given the client back its id, rooms, data and missed events when it came the last time. */
  get recovered(): boolean {
    return this.#session.isRecovered;
  }

  /** Undefined while connected. */
  get disconnectReason(): ClientDisconnectReason | undefined {
    return this.#session.endReason;
  }

  /** Everything received so far, in order. */
  get inbox(): readonly ReceivedEvent[] {
    return this.#mailbox.entries;
  }

  /** The rooms that the server's socket is in; none when it has gone. @internal */
  get rooms(): ReadonlySet<string> {
    return this.#context.server._nsps.get(this.namespace)?.sockets.get(this.id)?.rooms ?? new Set();
  }

  /** Resolves when everything of the test has come to rest. @internal */
  async settled(): Promise<void> {
    await this.#context.activity.settled();
  }

  /** What the server has logged so far, whoever it was about. @internal */
  get serverLog(): readonly LogEntry[] {
    return this.#context.log.entries;
  }

  /**
   * Sends an event. A function as last argument takes the server's acknowledgement, whatever it says; it is never called
   * when the client is disconnected before.
   *
   * @throws TestingError `TESTING_DISCONNECTED`, `TESTING_RESERVED_EVENT`
   */
  emit<Name extends EventNames<Emit>>(event: Name, ...args: EventParams<Emit, Name>): this {
    const ack: unknown = args.at(-1);
    if (typeof ack !== "function") {
      this.#session.send(event, args);
      return this;
    }
    this.#session.send(event, args.slice(0, -1), (reply) => {
      if (reply !== undefined) callBack(ack as Listener, reply);
    });
    return this;
  }

  /**
   * Sends an event and waits for its acknowledgement.
   *
   * @returns its value, read by the `ackFormat` of whoever handles the event; `.raw` has its arguments as they came.
   * @throws AckError when it is an error, unless `.raw` is asked for; TestingError `TESTING_DISCONNECTED` when the client
   * is disconnected before it comes, `TESTING_RESERVED_EVENT`
   */
  emitWithAck<Name extends EventNamesWithAck<Emit>>(
    event: Name,
    ...args: AllButLast<EventParams<Emit, Name>>
  ): AckPromise<FirstNonErrorArg<Last<EventParams<Emit, Name>>>> {
    const raw = this.#ask(event, args);
    const value = raw.then((reply) => this.#read(event, reply));
    const get = (): Promise<readonly unknown[]> => {
      // Who looks at the arguments does not look at what they mean.
      value.catch(() => undefined);
      return raw;
    };
    return Object.defineProperty(value, "raw", { get }) as AckPromise<never>;
  }

  /**
   * Answers each `event` that the server wants acknowledged with what `listener` returns or resolves. What it throws fails
   * the test, as an unhandled rejection.
   *
   * @param listener - gets the event's arguments.
   */
  onAck<Name extends EventNamesWithAck<Listen>>(
    event: Name,
    listener: (
      ...args: AllButLast<EventParams<Listen, Name>>
    ) => Answer<Listen, Name> | PromiseLike<Answer<Listen, Name>>,
  ): this {
    this.#listeners.on(event, async (...args: unknown[]) => {
      const reply = args.pop();
      if (typeof reply !== "function") return;
      (reply as (answer: unknown) => void)(await listener(...(args as Parameters<typeof listener>)));
    });
    return this;
  }

  /**
   * Answers the earliest `event` that waits for an acknowledgement, or waits for one: as `next()` does, which may have had
   * the event before.
   *
   * @param event - its name.
   * @param reply - arguments of the acknowledgement.
   * @returns the event's arguments.
   * @throws TestingError `TESTING_DISCONNECTED`
   */
  async answer<Name extends EventNamesWithAck<Listen>>(
    event: Name,
    ...reply: Parameters<Last<EventParams<Listen, Name>>>
  ): Promise<AllButLast<EventParams<Listen, Name>>> {
    const { args, question } = await this.#await(event, () => this.#mailbox.takeQuestion(event));
    question?.answer(...(reply as unknown[]));
    return args as AllButLast<EventParams<Listen, Name>>;
  }

  /**
   * Calls `listener` at each `event`: with its arguments, then a function when the server asked for an acknowledgement.
   * What it throws fails the test, as an unhandled rejection. "disconnect" comes with the `ClientDisconnectReason`.
   */
  on<Name extends EventNames<Listen & ClientReservedEvents>>(
    event: Name,
    listener: (Listen & ClientReservedEvents)[Name],
  ): this {
    this.#listeners.on(event, listener);
    return this;
  }

  /** As `on`, for the next event only. */
  once<Name extends EventNames<Listen & ClientReservedEvents>>(
    event: Name,
    listener: (Listen & ClientReservedEvents)[Name],
  ): this {
    this.#listeners.once(event, listener);
    return this;
  }

  /** Removes a listener, or all of the event. */
  off<Name extends EventNames<Listen & ClientReservedEvents>>(
    event: Name,
    listener?: (Listen & ClientReservedEvents)[Name],
  ): this {
    this.#listeners.off(event, listener);
    return this;
  }

  /**
   * Takes the earliest `event` that has not been taken, or waits for it: as long as the client is connected, so at most
   * until the test's own timeout.
   *
   * @returns its arguments, without the acknowledgement that the server may have asked for.
   * @throws TestingError `TESTING_DISCONNECTED`
   */
  async next<Name extends EventNames<Listen>>(event: Name): Promise<ReceivedArgs<Listen, Name>> {
    const take = (): ReceivedEvent | undefined => this.#mailbox.take((candidate) => candidate.event === event);
    return (await this.#await(event, take)).args as ReceivedArgs<Listen, Name>;
  }

  /** The arguments of each `event` so far, in order, taken or not. */
  received<Name extends EventNames<Listen>>(event: Name): ReceivedArgs<Listen, Name>[] {
    const ofEvent = this.inbox.filter((received) => received.event === event);
    return ofEvent.map(({ args }) => args as ReceivedArgs<Listen, Name>);
  }

  /**
   * Leaves. Resolves when the server has taken notice; what its handlers do then may take longer.
   *
   * @param reason - what its `@OnDisconnect` hooks are to see. By default the client leaves its namespace of its own will.
   * The others lose the connection: without a goodbye, by an error of the network, for a frame that cannot be read, or by
   * silence, for which the time of a heartbeat passes as by `app.clock.advance()`; all clients on it lose it.
   */
  async disconnect(
    reason: ConnectionLoss | "client namespace disconnect" = "client namespace disconnect",
  ): Promise<void> {
    if (reason === "client namespace disconnect") await this.#session.leave();
    else await this.#session.lose(reason);
  }

  /**
   * Connects once more, on a new connection unless a client of another namespace has opened one since. A client that is
   * connected loses its connection first. With `connectionStateRecovery` it comes back to what it had, as real clients do:
   * see `recovered`.
   *
   * @param options - what is not as before.
   * @param options.auth - another `auth`.
   * @throws ConnectError when the server refuses; TestingError `TESTING_DISCONNECTED`
   */
  async reconnect({ auth = this.#auth }: { readonly auth?: ClientAuth | undefined } = {}): Promise<this> {
    await this.#session.lose("transport close");
    await this.join(auth);
    return this;
  }

  /**
   * Connects a client of another namespace on the same connection.
   *
   * @throws ConnectError when the server refuses; TestingError `TESTING_ALREADY_CONNECTED`, `TESTING_DISCONNECTED`
   */
  async connect<Listening extends EventsMap = DefaultEventsMap, Emitting extends EventsMap = DefaultEventsMap>(
    namespace: string,
    { auth }: { readonly auth?: ClientAuth } = {},
  ): Promise<TestClient<Listening, Emitting>> {
    const client = new TestClient<Listening, Emitting>(this.#connection, toNamespaceName(namespace), this.#context);
    await client.join(auth);
    return client;
  }

  /**
   * Asks to be let in and waits for the answer.
   *
   * @throws ConnectError when the server refuses; TestingError `TESTING_DISCONNECTED`
   * @internal
   */
  async join(auth?: ClientAuth): Promise<void> {
    if (this.#context.isClosed?.() === true) throw new TestingError("TESTING_CLOSED");
    this.#auth = auth;
    const link = await this.#connection.open();
    this.#listeners.hold();
    try {
      await this.#session.join(link, auth);
    } finally {
      void this.#startListening();
    }
  }

  /**
   * Takes the first event that `accepts`, or waits until it comes, the client is disconnected, or everything has come to
   * rest.
   *
   * @returns undefined when it has not come.
   * @internal
   */
  async receive(accepts: (received: ReceivedEvent) => boolean): Promise<ReceivedEvent | undefined> {
    let settled: Promise<boolean> | undefined;
    for (let isSettled = false; ;) {
      const received = this.#mailbox.take(accepts);
      if (received !== undefined || isSettled || !this.connected) return received;
      settled ??= this.#context.activity.settled().then(() => true);
      isSettled = await Promise.race([this.#mailbox.changed().then(() => false), settled]);
    }
  }

  async #ask(event: string, args: readonly unknown[]): Promise<readonly unknown[]> {
    const reply = await new Promise<readonly unknown[] | undefined>((resolve) => {
      this.#session.send(event, args, resolve);
    });
    if (reply === undefined) throw this.#session.disconnectedBefore(`"${event}" was answered`);
    return reply;
  }

  #read(event: string, args: readonly unknown[]): unknown {
    const { ackFormatOf, log } = this.#context;
    const format = ackFormatOf?.(this.namespace, event) ?? "value";
    return readReply({ event, args, format }, (error) => log.causeOf(error));
  }

  /** What `take` finds, now or as soon as it has come. */
  async #await(event: string, take: () => ReceivedEvent | undefined): Promise<ReceivedEvent> {
    for (;;) {
      const received = take();
      if (received !== undefined) return received;
      if (!this.connected) throw this.#session.disconnectedBefore(`"${event}" came`);
      await this.#mailbox.changed();
    }
  }

  #onEvent(event: string, args: readonly unknown[], question: Question | undefined): void {
    this.#mailbox.add(event, args, question);
    this.#listeners.call(event, question === undefined ? args : [...args, question.answer]);
  }

  /** As soon as the listeners of the line after `connect()` are in place. */
  async #startListening(): Promise<void> {
    const done = this.#context.activity.begin();
    await nextTurn();
    this.#listeners.release();
    done();
  }
}
