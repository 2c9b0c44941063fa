import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import { decodePacket, encodePacket } from "../codec.js";
import type { MessageData, Packet, SendOptions } from "../packet.js";
import { FrameWriter, type FrameWriterOwner } from "./frame-writer.js";
import { binaryFrame } from "./frame.js";
import { MAX_SHORT, ShortFrameReader, type TextTarget } from "./short-frames.js";
import { Transport } from "./transport.js";

const MESSAGE = "4".charCodeAt(0);

/** Finds the transport of a ws event without a closure per connection. */
const OWNER = Symbol("transport");
type OwnedWebSocket = WebSocket & { [OWNER]: WebSocketTransport };

/** The frame made last from a broadcast's parts: all receivers of one broadcast share one buffer. */
let joinedParts: readonly Buffer[] = [];
let joinedFrame: Buffer = Buffer.alloc(0);

/**
 * WebSocket: ws upgrades, receives what is not short, answers pings and closes; messages are framed here and written
 * straight to the TCP socket. ws writes its control frames to the same socket at once, so order holds.
 */
export class WebSocketTransport extends Transport implements FrameWriterOwner, TextTarget {
  readonly name = "websocket";
  readonly #socket: WebSocket;
  readonly #writer: FrameWriter;
  readonly #reader: ShortFrameReader | undefined;

  /** @param maxPayloadBytes - largest message that ws takes. */
  constructor(socket: WebSocket, tcp: Duplex, maxPayloadBytes = Infinity) {
    super();
    this.#socket = socket;
    this.#writer = new FrameWriter(tcp, this);
    (socket as OwnedWebSocket)[OWNER] = this;
    socket.on("message", onMessage);
    socket.on("close", onClose);
    socket.on("error", onError);
    // Where short messages may be too large already, ws has to see them.
    const readsShort = maxPayloadBytes >= MAX_SHORT && !this.#usesExtension();
    if (readsShort) this.#reader = ShortFrameReader.attach(socket, tcp, this);
  }

  // Frames of this turn still wait to leave: socket.io's transport, too, is not writable between a write and its flush.
  override get writable(): boolean {
    return this.ready && this.#writer.isIdle;
  }

  override get ready(): boolean {
    return this.readyState === "open" && this.#socket.readyState === this.#socket.OPEN;
  }

  override get bufferedBytes(): number {
    // Messages that ws still has to compress are not in the TCP socket yet.
    return this.#usesExtension() ? this.#socket.bufferedAmount : this.#writer.bufferedBytes;
  }

  override send(packets: readonly Packet[]): void {
    for (const packet of packets) {
      if (packet.type === "message") this.sendMessage(packet.data ?? "", packet.options);
      else this.#sendControl(encodePacket(packet) as string);
    }
  }

  override sendMessage(data: MessageData, options?: SendOptions): void {
    if (this.#usesExtension()) this.#sendByWs(typeof data === "string" ? `4${data}` : data, options?.compress);
    else if (options?.wsPreEncodedFrame !== undefined) this.#writer.writeFrame(joinFrame(options.wsPreEncodedFrame));
    else if (typeof data === "string") this.#writer.writeText(`4${data}`);
    else this.#writer.writeFrame(binaryFrame(data));
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
    if (isBinary) this.handler.onMessage(bytes);
    else this.receiveText(bytes.toString());
  }

  /** @internal */
  receiveText(frame: string): void {
    if (frame.charCodeAt(0) === MESSAGE) this.handler.onMessage(frame.slice(1));
    else this.#receiveControl(frame);
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
    this.#reader?.detach();
    this.end("transport close");
  }

  /** @internal */
  failed(error: Error): void {
    this.#reader?.detach();
    this.end("transport error", error);
  }

  #receiveControl(frame: string): void {
    try {
      this.deliver(decodePacket(frame));
    } catch (error) {
      this.end("parse error", error);
      this.#closeSocket();
    }
  }

  #sendControl(frame: string): void {
    if (this.#usesExtension()) this.#sendByWs(frame, false);
    else this.#writer.writeText(frame);
  }

  /** The close frame is ws's: what was sent before must be in front of it. */
  #closeSocket(): void {
    this.#writer.settle();
    this.#socket.close();
  }

  #usesExtension(): boolean {
    return this.#socket.extensions !== "";
  }

  // What may be compressed leaves through ws, which alone knows the connection's deflate state.
  #sendByWs(frame: MessageData, compress = true): void {
    this.#socket.send(frame, { compress }, (error) => {
      if (!error) this.handler.onWritable();
    });
  }
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  (this as OwnedWebSocket)[OWNER].receive(data, isBinary);
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
