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
  RemoveAcknowledgements,
} from "../core.js";
import { AckError, errorReplyOf } from "./ack-error.js";
import type { Link } from "./link.js";
import { callBack, Listeners, type Listener } from "./listeners.js";
import type { LogEntry } from "./log-book.js";
import { Mailbox, type ReceivedEvent } from "./mailbox.js";
import { Session, type Acknowledge, type ClientContext, type ClientDisconnectReason } from "./session.js";

/** Events of the client itself; the server sends none of these names. */
export interface ClientReservedEvents {
  disconnect: (reason: ClientDisconnectReason) => void;
}

/** Arguments of an event as `next()` and `received()` give them: without the acknowledgement. */
export type ReceivedArgs<Events extends EventsMap, Name extends EventNames<Events>> = EventParams<
  RemoveAcknowledgements<Events>,
  Name
>;

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
  readonly #session: Session;
  readonly #mailbox = new Mailbox();
  readonly #listeners = new Listeners();
  /** What listeners will hear once those of the line after `connect()` are in place. */
  #unheard: (() => void)[] | undefined;

  /** @internal */
  constructor(link: Link, namespace: string, context: ClientContext) {
    this.#context = context;
    this.#session = new Session(link, namespace, context, {
      onEvent: (event, args, acknowledge) => {
        this.#onEvent(event, args, acknowledge);
      },
      onEnd: (reason) => {
        this.#mailbox.wake();
        this.#announce("disconnect", [reason]);
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

  /** Undefined while connected. */
  get disconnectReason(): ClientDisconnectReason | undefined {
    return this.#session.endReason;
  }

  /** Everything received so far, in order. */
  get inbox(): readonly ReceivedEvent[] {
    return this.#mailbox.entries;
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
   * @returns the first argument of the acknowledgement.
   * @throws AckError when that is `{ error: { code, … } }`; TestingError `TESTING_DISCONNECTED` when the client is
   * disconnected before it comes, `TESTING_RESERVED_EVENT`
   */
  async emitWithAck<Name extends EventNamesWithAck<Emit>>(
    event: Name,
    ...args: AllButLast<EventParams<Emit, Name>>
  ): Promise<FirstNonErrorArg<Last<EventParams<Emit, Name>>>> {
    const reply = await new Promise<readonly unknown[] | undefined>((resolve) => {
      this.#session.send(event, args, resolve);
    });
    if (reply === undefined) throw this.#session.disconnectedBefore(`"${event}" was answered`);
    const error = errorReplyOf(reply[0]);
    if (error !== undefined) throw new AckError(event, error, this.#context.log.causeOf(error));
    return reply[0] as FirstNonErrorArg<Last<EventParams<Emit, Name>>>;
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
    for (;;) {
      const received = this.#mailbox.take((candidate) => candidate.event === event);
      if (received !== undefined) return received.args as ReceivedArgs<Listen, Name>;
      if (!this.connected) throw this.#session.disconnectedBefore(`"${event}" came`);
      await this.#mailbox.changed();
    }
  }

  /** The arguments of each `event` so far, in order, taken or not. */
  received<Name extends EventNames<Listen>>(event: Name): ReceivedArgs<Listen, Name>[] {
    const ofEvent = this.inbox.filter((received) => received.event === event);
    return ofEvent.map(({ args }) => args as ReceivedArgs<Listen, Name>);
  }

  /** Leaves. Resolves when the server has taken notice; what its handlers do then may take longer. */
  async disconnect(): Promise<void> {
    await this.#session.leave();
  }

  /**
   * Asks to be let in and waits for the answer.
   *
   * @throws ConnectError when the server refuses; TestingError `TESTING_DISCONNECTED`
   * @internal
   */
  async join(auth?: Readonly<Record<string, unknown>>): Promise<void> {
    this.#unheard = [];
    await this.#session.join(auth);
    void this.#startListening();
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

  #onEvent(event: string, args: readonly unknown[], acknowledge: Acknowledge | undefined): void {
    this.#mailbox.add(event, args);
    this.#announce(event, acknowledge === undefined ? args : [...args, acknowledge]);
  }

  #announce(event: string, args: readonly unknown[]): void {
    const hear = (): void => {
      this.#listeners.call(event, args);
    };
    if (this.#unheard === undefined) hear();
    else this.#unheard.push(hear);
  }

  async #startListening(): Promise<void> {
    const done = this.#context.activity.begin();
    await nextTurn();
    const unheard = this.#unheard ?? [];
    this.#unheard = undefined;
    for (const hear of unheard) hear();
    done();
  }
}
