import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import { encodePacket } from "../codec.js";
import { EngineError } from "../errors.js";
import type { MessageData, Packet, SendOptions } from "../packet.js";
import type { Query } from "../request.js";
import { revision4, type EngineRevision, type FrameCodec } from "../revision.js";
import { FrameReader, type FrameTarget } from "./frame-reader.js";
import { FrameWriter, type FrameWriterOwner } from "./frame-writer.js";
import { Transport } from "./transport.js";

const MESSAGE = "4".charCodeAt(0);
const OPEN = 1;
const CLOSED = 3;

/** Finds the transport of a ws event without a closure per connection. */
const OWNER = Symbol("transport");
type OwnedWebSocket = WebSocket & { [OWNER]: WebSocketTransport };

/** The frame made last from a broadcast's parts: all receivers of one broadcast share one buffer. */
let joinedParts: readonly Buffer[] = [];
let joinedFrame: Buffer = Buffer.alloc(0);

export interface WebSocketOptions {
  /** Largest message that ws takes. */
  readonly maxPayloadBytes?: number;
  readonly revision?: EngineRevision;
  /** Of the request that opened it. */
  readonly query?: Query;
  /** Whether it is ws's, whose TCP socket may be written to; another package's gets every frame itself. @default true */
  readonly isDirect?: boolean;
  /** Bytes from which on messages are compressed, where that was negotiated. @default 0 */
  readonly deflateThreshold?: number;
  /** Where it is listed from its goodbye on, until the connection has closed. */
  readonly leaving?: Set<Transport>;
}

/**
 * WebSocket: ws upgrades, receives what FrameReader leaves to it, answers pings and closes; messages are framed here and written
 * straight to the TCP socket. ws writes its control frames to the same socket at once, so order holds.
 */
export class WebSocketTransport extends Transport implements FrameWriterOwner, FrameTarget {
  readonly name = "websocket";
  override readonly revision: EngineRevision;
  readonly #frames: FrameCodec;
  readonly #socket: WebSocket;
  readonly #writer: FrameWriter;
  /** Whether frames leave through ws: compression is its own, and other packages are not known so well. */
  readonly #sendsByWs: boolean;
  readonly #deflateThreshold: number;
  readonly #leaving: Set<Transport> | undefined;
  readonly #reader: FrameReader | undefined;

  constructor(
    socket: WebSocket,
    tcp: Duplex,
    { maxPayloadBytes = Infinity, revision = revision4, query = {}, ...options }: WebSocketOptions = {},
  ) {
    super();
    this.#sendsByWs = options.isDirect === false || socket.extensions !== "";
    this.#deflateThreshold = options.deflateThreshold ?? 0;
    this.#leaving = options.leaving;
    this.revision = revision;
    this.#frames = revision.frameCodec(query);
    this.#socket = socket;
    this.#writer = new FrameWriter(tcp, this);
    if (options.isDirect === false) this.#listen();
    else listenTo(socket, this);
    if (!this.#sendsByWs) this.#reader = FrameReader.attach({ socket, tcp, target: this, maxPayloadBytes });
  }

  // Frames of this turn still wait to leave: socket.io's transport, too, is not writable between a write and its flush.
  override get writable(): boolean {
    return this.ready && this.#writer.isIdle;
  }

  override get ready(): boolean {
    return this.readyState === "open" && this.#socket.readyState === OPEN;
  }

  override get bufferedBytes(): number {
    // Messages that ws still has to compress are not in the TCP socket yet.
    return this.#sendsByWs ? this.#socket.bufferedAmount : this.#writer.bufferedBytes;
  }

  override send(packets: readonly Packet[]): void {
    for (const packet of packets) {
      if (packet.type === "message") this.sendMessage(packet.data ?? "", packet.options);
      else this.#sendControl(encodePacket(packet) as string);
    }
  }

  override sendMessage(data: MessageData, options?: SendOptions): void {
    if (this.#sendsByWs) this.#sendByWs(this.#encode(data), options?.compress);
    else if (options?.wsPreEncodedFrame !== undefined) this.#writer.writeFrame(joinFrame(options.wsPreEncodedFrame));
    else if (typeof data === "string") this.#writer.writeText(`4${data}`);
    else this.#writeBytes(this.#frames.encodeBytes(data));
  }

  override close(): void {
    if (this.readyState !== "open") return;
    this.readyState = "closing";
    this.#closeSocket();
    // The close frame is on its way; what the client answers changes nothing for the session.
    this.end("transport close");
  }

  override discard(): void {
    super.discard();
    this.#closeSocket();
  }

  override terminate(): void {
    super.discard();
    this.#socket.terminate();
  }

  /** @internal */
  receive(data: RawData, isBinary: boolean): void {
    const bytes = data as Buffer; // ws's default binaryType is "nodebuffer"
    if (isBinary) this.receiveBytes(bytes);
    else this.receiveText(bytes.toString());
  }

  /** @internal */
  receiveText(frame: string): void {
    if (frame.charCodeAt(0) === MESSAGE) this.handler.onMessage(frame.slice(1));
    else this.#receiveFrame(frame);
  }

  /** @internal */
  receiveBytes(frame: Buffer): void {
    this.#receiveFrame(frame);
  }

  /** @internal */
  onHandOver(): void {
    this.#writer.settle();
  }

  /** @internal */
  onFlushed(): void {
    this.handler.onWritable();
  }

  /** @internal */
  closed(): void {
    this.#leaving?.delete(this);
    this.#reader?.detach();
    if (this.#writer.hasLost) this.#failToWrite();
    else this.end("transport close");
  }

  /** A control frame of WebSocket's own, which ws has answered. @internal */
  receiveStray(): void {
    this.handler.onStray();
  }

  /** @internal */
  failed(error: Error): void {
    this.#leave();
    this.#reader?.detach();
    this.end("transport error", error);
  }

  /** Another package may call its listeners with any `this`. */
  #listen(): void {
    this.#socket.on("message", (data, isBinary) => {
      this.receive(data, isBinary);
    });
    for (const frame of ["ping", "pong"] as const) {
      this.#socket.on(frame, () => {
        this.receiveStray();
      });
    }
    this.#socket.on("close", () => {
      this.closed();
    });
    this.#socket.on("error", (error) => {
      this.failed(error);
    });
  }

  #receiveFrame(frame: MessageData): void {
    let packet: Packet;
    try {
      packet = this.#frames.decode(frame);
    } catch (error) {
      this.end("parse error", error);
      this.#closeSocket();
      return;
    }
    this.deliver(packet);
  }

  #encode(data: MessageData): MessageData {
    return typeof data === "string" ? `4${data}` : this.#frames.encodeBytes(data);
  }

  #writeBytes(frame: MessageData): void {
    if (typeof frame === "string") this.#writer.writeText(frame);
    else this.#writer.writeBytes(frame);
  }

  #sendControl(frame: string): void {
    if (this.#sendsByWs) this.#sendByWs(frame, false);
    else this.#writer.writeText(frame);
  }

  /** The close frame is ws's: what was sent before must be in front of it. */
  #closeSocket(): void {
    this.#leave();
    this.#writer.settle();
    this.#socket.close();
  }

  #leave(): void {
    if (this.#socket.readyState !== CLOSED) this.#leaving?.add(this);
  }

  // What may be compressed leaves through ws, which alone knows the connection's deflate state.
  #sendByWs(frame: MessageData, mayCompress = true): void {
    const compress = mayCompress && Buffer.byteLength(frame) >= this.#deflateThreshold;
    this.#socket.send(frame, { compress }, (error) => {
      if (error) this.#failToWrite(error);
      else this.handler.onWritable();
    });
  }

  #failToWrite(cause?: Error): void {
    this.end("transport error", new EngineError("ENGINE_WRITE", { cause }));
  }
}

function listenTo(socket: WebSocket, owner: WebSocketTransport): void {
  (socket as OwnedWebSocket)[OWNER] = owner;
  socket.on("message", onMessage);
  socket.on("ping", onControlFrame);
  socket.on("pong", onControlFrame);
  socket.on("close", onClose);
  socket.on("error", onError);
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  (this as OwnedWebSocket)[OWNER].receive(data, isBinary);
}

function onControlFrame(this: WebSocket): void {
  (this as OwnedWebSocket)[OWNER].receiveStray();
}

function onClose(this: WebSocket): void {
  (this as OwnedWebSocket)[OWNER].closed();
}

function onError(this: WebSocket, error: Error): void {
  (this as OwnedWebSocket)[OWNER].failed(error);
}

function joinFrame(parts: readonly Buffer[]): Buffer {
  if (parts !== joinedParts) {
    joinedParts = parts;
    joinedFrame = Buffer.concat(parts);
  }
  return joinedFrame;
}
