import {
  decodePacket,
  toBuffer,
  type EngineRequest,
  type MessageData,
  type Packet,
  type PacketDecoder,
  type PacketEncoder,
  type Server,
} from "../core.js";
import type { Activity } from "./activity.js";
import { MemoryPolling } from "./memory-polling.js";
import { MemoryTransport, type TransportLoss } from "./memory-transport.js";
import type { FrameReceiver } from "./wire.js";

/** What the opening request of a connection says beside what every one says. */
export interface RequestOptions {
  /** Headers of the request, under any case. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** Query parameters, not encoded. */
  readonly query?: Readonly<Record<string, string>>;
  /**
   * What the server takes the connection for, in `socket.conn.transport.name` and `handshake.query.transport`. Frames are
   * those of a WebSocket in every case, and nothing is upgraded.
   *
   * - `websocket`: packets leave at once.
   * - `polling`: only one lot of packets leaves at a time; the next waits until the client has it, and what is volatile is
   *   dropped meanwhile.
   *
   * Default: as `websocket`, under the name "memory".
   */
  readonly transport?: "websocket" | "polling";
}

/** How a client may lose its connection, as the server's `@OnDisconnect` hooks see it. */
export type ConnectionLoss = TransportLoss | "ping timeout";

/** How it ends for the client: a server that cannot read it, or lets it go, just closes. */
export type LinkEnd = Exclude<ConnectionLoss, "parse error">;

/** A client of one namespace, as its link sees it. */
export interface LinkMember {
  onPacket(packet: Packet): void;
  /** The connection has ended. */
  onLinkClosed(reason: LinkEnd): void;
}

/**
 * One connection in memory, seen from the client: speaks Engine.IO 4 and carries the packets of any number of namespaces.
 * Answers pings; closes when its last member has left.
 */
export class Link implements FrameReceiver {
  readonly #transport: MemoryTransport;
  readonly #encoder: PacketEncoder;
  readonly #decoder: PacketDecoder;
  readonly #members = new Map<string, LinkMember>();
  readonly #opened: Promise<void>;
  readonly #closed: Promise<void>;
  #onOpened: () => void = () => undefined;
  #onClosed: () => void = () => undefined;
  #isClosed = false;
  /** The network has gone: nothing more arrives, on either side. */
  #isSilent = false;
  #endReason: LinkEnd = "transport close";

  private constructor(server: Server, activity: Activity, { transport }: RequestOptions) {
    this.#transport =
      transport === "polling" ? new MemoryPolling(this, activity) : new MemoryTransport(this, activity, transport);
    this.#encoder = new server.parser.Encoder();
    this.#decoder = new server.parser.Decoder();
    this.#decoder.on("decoded", (packet) => {
      this.#members.get(packet.nsp)?.onPacket(packet);
    });
    this.#opened = new Promise((resolve) => (this.#onOpened = resolve));
    this.#closed = new Promise((resolve) => (this.#onClosed = resolve));
  }

  get isOpen(): boolean {
    return !this.#isClosed;
  }

  /**
   * Opens a connection by the server's one door.
   *
   * @throws EngineError `ENGINE_DUPLICATE_ID`, as `accept` does.
   */
  static async open(server: Server, options: RequestOptions, activity: Activity): Promise<Link> {
    const link = new Link(server, activity, options);
    server.engine.accept(link.#transport, toRequest(server.path(), options));
    await link.#opened;
    return link;
  }

  /** Hands the packets of a namespace to `member`; a connection that has ended meanwhile ends it at once. */
  join(namespace: string, member: LinkMember): void {
    if (this.#isClosed) member.onLinkClosed(this.#endReason);
    else this.#members.set(namespace, member);
  }

  has(namespace: string): boolean {
    return this.#members.has(namespace);
  }

  /** Takes the member of a namespace away; the last one closes the connection. */
  leave(namespace: string): void {
    this.#members.delete(namespace);
    if (this.#members.size > 0) return;
    this.#isClosed = true;
    this.#transport.leave();
  }

  /**
   * Loses the connection, after what was sent. Resolves when both sides have taken notice: of a "ping timeout", when the
   * server's heartbeat has.
   */
  async lose(how: ConnectionLoss): Promise<void> {
    if (how !== "parse error") this.#endReason = how;
    if (how === "ping timeout") this.#isSilent = true;
    else this.#transport.lose(how);
    await this.#closed;
  }

  /** @throws whatever the encoder throws for data that cannot be encoded; nothing is sent then. */
  send(packet: Packet): void {
    if (this.#isSilent) return;
    for (const part of this.#encoder.encode(packet)) {
      this.#transport.receive(typeof part === "string" ? `4${part}` : toBuffer(part));
    }
  }

  /** Resolves when the server has taken everything sent so far. */
  delivered(): Promise<void> {
    return this.#transport.delivered();
  }

  onFrame(frame: MessageData): void {
    if (this.#isSilent) return;
    if (typeof frame !== "string") {
      this.#decoder.add(frame);
      return;
    }
    const { type, data = "" } = decodePacket(frame);
    if (type === "message") this.#decoder.add(data);
    else if (type === "ping") this.#transport.receive("3");
    else if (type === "open") this.#onOpened();
    // Noop, close and upgrade belong to polling.
  }

  onClose(): void {
    this.#isClosed = true;
    this.#decoder.destroy();
    this.#onOpened();
    this.#onClosed();
    for (const member of [...this.#members.values()]) member.onLinkClosed(this.#endReason);
    this.#members.clear();
  }
}

/** The request that a client's first WebSocket request would be, as far as the server looks at it. */
export function toRequest(
  path: string,
  {
    headers = {},
    query = {},
    transport = "memory",
  }: Omit<RequestOptions, "transport"> & { readonly transport?: string },
): EngineRequest {
  const search = new URLSearchParams({ ...query, EIO: "4", transport });
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    method: "GET",
    url: `${path}/?${search.toString()}`,
    headers: { host: "localhost", ...Object.fromEntries(lowerCase) },
    socket: { remoteAddress: "127.0.0.1", encrypted: false },
  };
}
