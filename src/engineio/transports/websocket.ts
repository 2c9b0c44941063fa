import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import { decodePacket, encodePacket } from "../codec.js";
import type { MessageData, Packet, SendOptions } from "../packet.js";
import { uncorkAfterTurn } from "./corked-writes.js";
import { binaryFrame, textFrame } from "./frame.js";
import { Transport } from "./transport.js";

const MESSAGE = "4".charCodeAt(0);

/** Finds the transport of a ws event without a closure per connection. */
const OWNER = Symbol("transport");
type OwnedWebSocket = WebSocket & { [OWNER]: WebSocketTransport };

/** The frame made last from a broadcast's parts: all receivers of one broadcast share one buffer. */
let joinedParts: readonly Buffer[] = [];
let joinedFrame: Buffer = Buffer.alloc(0);

/**
 * WebSocket: ws upgrades, receives, answers pings and closes; messages are framed here and written straight to the TCP
 * socket, corked per event-loop turn. ws writes its control frames to the same socket at once, so order holds.
 */
export class WebSocketTransport extends Transport {
  readonly name = "websocket";
  readonly #socket: WebSocket;
  readonly #tcp: Duplex;
  #corked = false;

  constructor(socket: WebSocket, tcp: Duplex) {
    super();
    this.#socket = socket;
    this.#tcp = tcp;
    (socket as OwnedWebSocket)[OWNER] = this;
    socket.on("message", onMessage);
    socket.on("close", onClose);
    socket.on("error", onError);
  }

  // Frames of this turn still wait to leave: socket.io's transport, too, is not writable between a write and its flush.
  override get writable(): boolean {
    return !this.#corked && this.ready && !this.#tcp.writableNeedDrain;
  }

  override get ready(): boolean {
    return this.readyState === "open" && this.#socket.readyState === this.#socket.OPEN;
  }

  override get bufferedBytes(): number {
    // Messages that ws still has to compress are not in the TCP socket yet.
    return this.#usesExtension() ? this.#socket.bufferedAmount : this.#tcp.writableLength;
  }

  override send(packets: readonly Packet[]): void {
    for (const packet of packets) {
      if (packet.type === "message") this.sendMessage(packet.data ?? "", packet.options);
      else this.#sendControl(encodePacket(packet) as string);
    }
  }

  override sendMessage(data: MessageData, options?: SendOptions): void {
    if (this.#usesExtension()) this.#sendByWs(typeof data === "string" ? `4${data}` : data, options?.compress);
    else if (options?.wsPreEncodedFrame !== undefined) this.#write(joinFrame(options.wsPreEncodedFrame));
    else this.#write(typeof data === "string" ? textFrame(`4${data}`) : binaryFrame(data));
  }

  override close(): void {
    if (this.readyState !== "open") return;
    this.readyState = "closing";
    this.#socket.close();
    // The close frame is on its way; what the client answers changes nothing for the session.
    this.end("transport close");
  }

  override discard(): void {
    super.discard();
    this.#socket.close();
  }

  override terminate(): void {
    super.discard();
    this.#socket.terminate();
  }

  /** @internal */
  uncork(): void {
    this.#corked = false;
    this.#tcp.uncork();
    this.handler.onWritable();
  }

  /** @internal */
  receive(data: RawData, isBinary: boolean): void {
    const bytes = data as Buffer; // ws's default binaryType is "nodebuffer"
    if (isBinary) this.handler.onMessage(bytes);
    else if (bytes[0] === MESSAGE) this.handler.onMessage(bytes.toString("utf8", 1));
    else this.#receiveControl(bytes.toString());
  }

  /** @internal */
  closed(): void {
    this.end("transport close");
  }

  /** @internal */
  failed(error: Error): void {
    this.end("transport error", error);
  }

  #sendControl(frame: string): void {
    if (this.#usesExtension()) this.#sendByWs(frame, false);
    else this.#write(textFrame(frame));
  }

  #receiveControl(frame: string): void {
    try {
      this.deliver(decodePacket(frame));
    } catch (error) {
      this.end("parse error", error);
      this.#socket.close();
    }
  }

  #write(frame: Buffer): void {
    if (!this.#corked) {
      this.#corked = true;
      this.#tcp.cork();
      uncorkAfterTurn(this);
    }
    this.#tcp.write(frame);
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
