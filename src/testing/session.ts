import { isReservedEvent, PacketType, type Packet, type Server } from "../core.js";
import type { AckFormat } from "../framework/index.js";
import type { Activity } from "./activity.js";
import { ConnectError, type Refusal } from "./connect-error.js";
import { TestingError } from "./errors.js";
import type { ConnectionLoss, Link, LinkEnd, LinkMember } from "./link.js";
import type { LogBook } from "./log-book.js";
import { PendingReplies, type OnReply } from "./pending-replies.js";
import { Question } from "./question.js";
import type { VirtualClock } from "./virtual-clock.js";

/** Why a client is no longer connected, in the words of socket.io-client. */
export type ClientDisconnectReason = "io server disconnect" | "io client disconnect" | LinkEnd;

/** What a client has of the test that it belongs to. */
export interface ClientContext {
  readonly activity: Activity;
  readonly clock: VirtualClock;
  /** Where the server logs. */
  readonly log: LogBook;
  readonly server: Server;
  /** Whether nobody may connect any more. */
  readonly isClosed?: () => boolean;
  /** How the answer to an event is written; without it in the form "value". */
  readonly ackFormatOf?: (namespace: string, event: string) => AckFormat;
}

/** Who hears what comes from the server. */
export interface SessionHandler {
  onEvent(event: string, args: readonly unknown[], question: Question | undefined): void;
  /** Called once, last; not for a session that was never let in. */
  onEnd(reason: ClientDisconnectReason): void;
}

/**
 * The client's side of Socket.IO 5 in one namespace.
 *
 * | state        | CONNECT   | CONNECT_ERROR | EVENT, ACK | DISCONNECT, link closed |
 * |--------------|-----------|---------------|------------|-------------------------|
 * | joining      | connected | ended         | –          | ended                   |
 * | connected    | –         | –             | delivered  | ended                   |
 * | ended        | –         | –             | –          | –                       |
 *
 * What has ended may join once more, on whatever connection there is then.
 */
export class Session implements LinkMember {
  readonly namespace: string;
  #link: Link | undefined;
  readonly #context: ClientContext;
  readonly #handler: SessionHandler;
  readonly #replies: PendingReplies;
  #state: "joining" | "connected" | "ended" = "ended";
  #id = "";
  /** The secret by which the client comes back to its session, and the last event that it has of it. */
  #pid: string | undefined;
  #offset: string | undefined;
  #isRecovered = false;
  #endReason: ClientDisconnectReason | undefined;
  #onAnswer: (answer: Packet | undefined) => void = () => undefined;

  constructor(namespace: string, context: ClientContext, handler: SessionHandler) {
    this.namespace = namespace;
    this.#context = context;
    this.#handler = handler;
    this.#replies = new PendingReplies(context.activity);
  }

  /** Empty until the server has let the client in. */
  get id(): string {
    return this.#id;
  }

  get isConnected(): boolean {
    return this.#state === "connected";
  }

  /** Whether the server has given the client back what it had before, when it came the last time. */
  get isRecovered(): boolean {
    return this.#isRecovered;
  }

  get endReason(): ClientDisconnectReason | undefined {
    return this.#endReason;
  }

  /**
   * Asks to be let in and waits for the answer.
   *
   * @throws ConnectError when the server refuses; TestingError `TESTING_DISCONNECTED`, `TESTING_ALREADY_CONNECTED`
   */
  async join(link: Link, auth?: Readonly<Record<string, unknown>>): Promise<void> {
    const { namespace } = this;
    if (link.has(namespace)) throw new TestingError("TESTING_ALREADY_CONNECTED", { values: { namespace } });
    this.#link = link;
    this.#state = "joining";
    this.#endReason = undefined;
    const answer = await this.#ask(link, this.#claim(auth));
    if (answer === undefined) throw this.disconnectedBefore(`${this.namespace} let it in`);
    if (answer.type !== PacketType.CONNECT_ERROR) return;
    const refusal = answer.data as Refusal;
    throw new ConnectError(this.namespace, refusal, this.#context.log.causeOf(refusal.data));
  }

  /**
   * Sends an event.
   *
   * @param onReply - asks for an acknowledgement, and takes it.
   * @throws TestingError `TESTING_DISCONNECTED`, `TESTING_RESERVED_EVENT`
   */
  send(event: string, args: readonly unknown[], onReply?: OnReply): void {
    if (isReservedEvent(event)) throw new TestingError("TESTING_RESERVED_EVENT", { values: { event } });
    if (!this.isConnected) throw this.disconnectedBefore(`it sent "${event}"`);
    const id = onReply === undefined ? undefined : this.#replies.nextId();
    this.#link?.send({ type: PacketType.EVENT, nsp: this.namespace, id, data: [event, ...args] });
    if (id !== undefined && onReply !== undefined) this.#replies.add(id, onReply);
  }

  /** Leaves the namespace. Resolves when the server has taken notice. */
  async leave(): Promise<void> {
    if (this.isConnected) {
      this.#link?.send({ type: PacketType.DISCONNECT, nsp: this.namespace });
      // Who leaves of their own will does not come back to what was.
      this.#pid = undefined;
      this.#end("io client disconnect");
    }
    await this.#link?.delivered();
  }

  /** Loses the connection, and with it all other clients on it. Resolves when the server has taken notice. */
  async lose(how: ConnectionLoss): Promise<void> {
    if (!this.isConnected) return;
    const lost = this.#link?.lose(how);
    if (how === "ping timeout") await this.#passPingTimeout();
    await lost;
  }

  disconnectedBefore(what: string): TestingError {
    const reason = this.#endReason ?? "it was refused";
    return new TestingError("TESTING_DISCONNECTED", { values: { reason, what } });
  }

  onPacket(packet: Packet): void {
    switch (packet.type) {
      case PacketType.CONNECT:
        this.#onConnect(packet.data as { sid: string; pid?: string });
        this.#onAnswer(packet);
        break;
      case PacketType.CONNECT_ERROR:
        this.#state = "ended";
        this.#link?.leave(this.namespace);
        this.#onAnswer(packet);
        break;
      case PacketType.EVENT:
        this.#onEvent(packet.data as [string, ...unknown[]], packet.id);
        break;
      case PacketType.ACK:
        this.#replies.settle(packet.id, packet.data as unknown[]);
        break;
      case PacketType.DISCONNECT:
        this.#end("io server disconnect");
        break;
      default:
      // Not met: decoders give binary packets the type of plain ones.
    }
  }

  onLinkClosed(reason: LinkEnd): void {
    this.#end(reason);
  }

  /** As long as the server takes to miss somebody who has just answered a ping. */
  async #passPingTimeout(): Promise<void> {
    const { pingInterval, pingTimeout } = this.#context.server.engine.opts;
    await this.#context.clock.advance(pingInterval + pingTimeout);
  }

  #onConnect({ sid, pid }: { readonly sid: string; readonly pid?: string }): void {
    this.#state = "connected";
    this.#id = sid;
    this.#isRecovered = pid !== undefined && pid === this.#pid;
    if (!this.#isRecovered) this.#offset = undefined;
    this.#pid = pid;
  }

  /** What a client that has been there before says along with its `auth`. */
  #claim(auth: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, unknown>> | undefined {
    return this.#pid === undefined ? auth : { ...auth, pid: this.#pid, offset: this.#offset };
  }

  async #ask(link: Link, auth: Readonly<Record<string, unknown>> | undefined): Promise<Packet | undefined> {
    const done = this.#context.activity.begin();
    try {
      return await new Promise((resolve) => {
        this.#onAnswer = resolve;
        link.join(this.namespace, this);
        link.send({ type: PacketType.CONNECT, nsp: this.namespace, data: auth });
      });
    } catch (encodingError) {
      link.leave(this.namespace);
      this.#state = "ended";
      throw encodingError;
    } finally {
      done();
    }
  }

  #onEvent([event, ...args]: [string, ...unknown[]], id: number | undefined): void {
    // As real clients do: they cannot tell the offset, which servers with recovery put last, from other text.
    const last = args.at(-1);
    if (typeof last === "string") this.#offset = last;
    this.#handler.onEvent(event, args, id === undefined ? undefined : this.#question(id));
  }

  #question(id: number): Question {
    const link = this.#link;
    return new Question({
      isThere: () => this.isConnected && this.#link === link,
      send: (args) => {
        link?.send({ type: PacketType.ACK, nsp: this.namespace, id, data: [...args] });
      },
    });
  }

  #end(reason: ClientDisconnectReason): void {
    const wasConnected = this.isConnected;
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#endReason = reason;
    this.#link?.leave(this.namespace);
    this.#replies.release();
    if (wasConnected) this.#handler.onEnd(reason);
    else this.#onAnswer(undefined);
  }
}
