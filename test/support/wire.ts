import { IncomingMessage } from "node:http";
import { Socket as TcpSocket } from "node:net";
import { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { WebSocketTransport } from "../../src/engineio/transports/websocket.js";

/** The server's end of a connection: records what is written to it, call by call, and brings what the client sends. */
export class Wire extends Duplex {
  /** Each write that would be a system call on a TCP socket, in hex. */
  readonly writes: string[] = [];
  /** Takes no more until `resume` is called. */
  isStuck = false;
  #resume: (() => void) | undefined;

  override _read(): void {
    // What the client sends is pushed.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.#record(chunk.toString("hex"), done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error) => void): void {
    this.#record(chunks.map(({ chunk }) => chunk.toString("hex")).join(""), done);
  }

  /** The client takes again what is written. */
  unstick(): void {
    this.isStuck = false;
    this.#resume?.();
  }

  #record(hex: string, done: () => void): void {
    this.writes.push(hex);
    if (this.isStuck) this.#resume = done;
    else done();
  }
}

export interface WireOptions {
  readonly deflate?: boolean;
  /** Lets ws read everything: somebody else listens to the connection, too. */
  readonly tapped?: boolean;
  /** Largest message that is taken. */
  readonly maxPayloadBytes?: number;
  /** Bytes from which on messages are compressed. */
  readonly deflateThreshold?: number;
}

/** A WebSocket's transport whose TCP socket is a wire, past the HTTP upgrade. */
export function openWire(options: WireOptions = {}): { transport: WebSocketTransport; wire: Wire } {
  const { maxPayloadBytes = 1_000 } = options;
  const wire = new Wire();
  const request = upgradeRequest();
  if (options.deflate === true) {
    request.headers["sec-websocket-extensions"] = "permessage-deflate; server_no_context_takeover";
  }
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: options.deflate === true,
    maxPayload: maxPayloadBytes,
  });
  let transport: WebSocketTransport | undefined;
  server.handleUpgrade(request, wire, Buffer.alloc(0), (socket) => {
    if (options.tapped === true) wire.on("data", () => undefined);
    transport = new WebSocketTransport(socket, wire, {
      maxPayloadBytes,
      deflateThreshold: options.deflateThreshold ?? 0,
    });
  });
  if (transport === undefined) throw new Error(`not upgraded: ${wire.writes.join()}`);
  wire.writes.length = 0;
  return { transport, wire };
}

/** What a client sends first that wants a WebSocket. */
export function upgradeRequest(): IncomingMessage {
  const request = new IncomingMessage(new TcpSocket());
  request.method = "GET";
  request.url = "/engine.io/?EIO=4&transport=websocket";
  request.headers = {
    upgrade: "websocket",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-version": "13",
  };
  return request;
}

/** A masked frame of the client's; a mask of zero lets the payload stand in it as it is. */
export function clientFrame(firstByte: number, payload: string | Buffer, mask: Buffer = Buffer.alloc(4)): Buffer {
  const bytes = Buffer.from(payload as string).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([Buffer.from([firstByte]), lengthOf(bytes), mask, bytes]);
}

function lengthOf({ length }: Uint8Array): Buffer {
  if (length <= 125) return Buffer.from([0x80 | length]);
  return Buffer.from([0x80 | 126, length >> 8, length & 0xff]);
}

/** First bytes of frames. */
export const TEXT = 0x01;
export const CONTINUATION = 0x00;
export const FINAL_CONTINUATION = 0x80;
export const FINAL_TEXT = 0x81;
export const FINAL_BINARY = 0x82;
export const CLOSE = 0x88;
export const PING = 0x89;
export const PONG = 0x8a;
