import { PacketType, type Packet } from "../core.js";
import type { Activity } from "./activity.js";
import { ConnectError, type Refusal } from "./connect-error.js";
import { TestingError } from "./errors.js";
import type { Link, LinkMember } from "./link.js";
import type { LogBook } from "./log-book.js";
import { PendingReplies, type OnReply } from "./pending-replies.js";

/** Why a client is no longer connected, in the words of socket.io-client. */
export type ClientDisconnectReason = "io server disconnect" | "io client disconnect" | "transport close";

/** What a client has of the test that it belongs to. */
export interface ClientContext {
  readonly activity: Activity;
  /** Where the server logs. */
  readonly log: LogBook;
}

/** Sends the acknowledgement that the server has asked for; once. */
export type Acknowledge = (...args: unknown[]) => void;

/** Who hears what comes from the server. */
export interface SessionHandler {
  onEvent(event: string, args: readonly unknown[], acknowledge: Acknowledge | undefined): void;
  /** Called once, last; not for a session that was never let in. */
  onEnd(reason: ClientDisconnectReason): void;
}

/** Names that belong to the protocol: no client sends them. */
const RESERVED: ReadonlySet<string> = new Set([
  "connect",
  "connect_error",
  "disconnect",
  "disconnecting",
  "newListener",
  "removeListener",
]);

/**
 * The client's side of Socket.IO 5 in one namespace.
 *
 * | state        | CONNECT   | CONNECT_ERROR | EVENT, ACK | DISCONNECT, link closed |
 * |--------------|-----------|---------------|------------|-------------------------|
 * | joining      | connected | ended         | –          | ended                   |
 * | connected    | –         | –             | delivered  | ended                   |
 * | ended        | –         | –             | –          | –                       |
 */
export class Session implements LinkMember {
  readonly namespace: string;
  readonly #link: Link;
  readonly #context: ClientContext;
  readonly #handler: SessionHandler;
  readonly #replies: PendingReplies;
  #state: "joining" | "connected" | "ended" = "joining";
  #id = "";
  #endReason: ClientDisconnectReason | undefined;
  #onAnswer: (answer: Packet | undefined) => void = () => undefined;

  constructor(link: Link, namespace: string, context: ClientContext, handler: SessionHandler) {
    this.namespace = namespace;
    this.#link = link;
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

  get endReason(): ClientDisconnectReason | undefined {
    return this.#endReason;
  }

  /**
   * Asks to be let in and waits for the answer.
   *
   * @throws ConnectError when the server refuses; TestingError `TESTING_DISCONNECTED`
   */
  async join(auth?: Readonly<Record<string, unknown>>): Promise<void> {
    const answer = await this.#ask(auth);
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
    if (RESERVED.has(event)) throw new TestingError("TESTING_RESERVED_EVENT", { values: { event } });
    if (!this.isConnected) throw this.disconnectedBefore(`it sent "${event}"`);
    const id = onReply === undefined ? undefined : this.#replies.nextId();
    this.#link.send({ type: PacketType.EVENT, nsp: this.namespace, id, data: [event, ...args] });
    if (id !== undefined && onReply !== undefined) this.#replies.add(id, onReply);
  }

  /** Leaves the namespace. Resolves when the server has taken notice. */
  async leave(): Promise<void> {
    if (this.isConnected) {
      this.#link.send({ type: PacketType.DISCONNECT, nsp: this.namespace });
      this.#end("io client disconnect");
    }
    await this.#link.delivered();
  }

  disconnectedBefore(what: string): TestingError {
    const reason = this.#endReason ?? "it was refused";
    return new TestingError("TESTING_DISCONNECTED", { values: { reason, what } });
  }

  onPacket(packet: Packet): void {
    switch (packet.type) {
      case PacketType.CONNECT:
        this.#state = "connected";
        this.#id = (packet.data as { sid: string }).sid;
        this.#onAnswer(packet);
        break;
      case PacketType.CONNECT_ERROR:
        this.#state = "ended";
        this.#link.leave(this.namespace);
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

  onLinkClosed(): void {
    this.#end("transport close");
  }

  async #ask(auth: Readonly<Record<string, unknown>> | undefined): Promise<Packet | undefined> {
    const done = this.#context.activity.begin();
    try {
      return await new Promise((resolve) => {
        this.#onAnswer = resolve;
        this.#link.join(this.namespace, this);
        this.#link.send({ type: PacketType.CONNECT, nsp: this.namespace, data: auth });
      });
    } catch (encodingError) {
      this.#link.leave(this.namespace);
      throw encodingError;
    } finally {
      done();
    }
  }

  #onEvent([event, ...args]: [string, ...unknown[]], id: number | undefined): void {
    this.#handler.onEvent(event, args, id === undefined ? undefined : this.#acknowledge(id));
  }

  #acknowledge(id: number): Acknowledge {
    let isSent = false;
    return (...args) => {
      if (isSent || !this.isConnected) return;
      isSent = true;
      this.#link.send({ type: PacketType.ACK, nsp: this.namespace, id, data: args });
    };
  }

  #end(reason: ClientDisconnectReason): void {
    const wasConnected = this.isConnected;
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#endReason = reason;
    this.#link.leave(this.namespace);
    this.#replies.release();
    if (wasConnected) this.#handler.onEnd(reason);
    else this.#onAnswer(undefined);
  }
}
