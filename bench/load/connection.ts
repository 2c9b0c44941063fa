import { connect, type Socket } from "node:net";
import { asError, BenchmarkError, within } from "../errors.js";
import { MASKED_CLOSE_FRAME, maskedTextFrame, PLAIN_CLOSE_FRAME, readTextFrame } from "./frames.js";

/** Takes the first `length` bytes of `bytes`, which are overwritten by the next read of any connection. */
export type ByteHandler = (bytes: Buffer, length: number) => void;

const OPEN_TIMEOUT_MS = 15_000;
const LEAVE_TIMEOUT_MS = 5000;
/** More at once would overflow the listen backlog and measure retransmissions. */
const OPENED_AT_ONCE = 100;
const UPGRADE_REQUEST = [
  "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
  "Host: 127.0.0.1",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "\r\n",
].join("\r\n");
/** What RFC 6455 answers to the key above. */
const ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
const HEADERS_END = "\r\n\r\n";
const CONNECT_PACKET = maskedTextFrame("40");
/** Out of the namespace, then the end of the WebSocket. */
const GOODBYE = Buffer.concat([maskedTextFrame("41"), MASKED_CLOSE_FRAME]);
/** All connections read into one buffer: a read is used up before the next one happens. */
const READ_BUFFER = Buffer.alloc(65_536);

/** A Socket.IO client in the main namespace, reduced to what a load generator needs: bytes out, bytes in. */
export class Connection {
  readonly #socket: Socket;
  #onBytes: ByteHandler = () => undefined;
  #onFailure: (error: Error) => void = () => undefined;

  private constructor(port: number) {
    const read = (length: number): boolean => {
      try {
        this.#onBytes(READ_BUFFER, length);
      } catch (error) {
        this.#onFailure(asError(error));
      }
      return true;
    };
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true, onread: { buffer: READ_BUFFER, callback: read } });
    this.#socket.on("error", (error) => {
      this.#onFailure(error);
    });
    this.#socket.on("close", () => {
      this.#onFailure(new BenchmarkError("The server closed a connection."));
    });
  }

  /** Connects, upgrades to WebSocket and joins the main namespace. */
  static async open(port: number): Promise<Connection> {
    const connection = new Connection(port);
    try {
      await within(OPEN_TIMEOUT_MS, () => "A connection did not open in time.", connection.#join());
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** From now on received bytes go to `onBytes`; what it throws, and a lost connection, to `onFailure`. */
  receive(onBytes: ByteHandler, onFailure: (error: Error) => void): void {
    this.#onBytes = onBytes;
    this.#onFailure = onFailure;
  }

  send(frames: Buffer): void {
    this.#socket.write(frames);
  }

  close(): void {
    this.receive(
      () => undefined,
      () => undefined,
    );
    this.#socket.destroy();
  }

  /** Leaves the main namespace and closes the WebSocket; resolves when the server has done so, too. */
  async leave(): Promise<void> {
    const answer: Buffer[] = [];
    const closed = new Promise<void>((resolve) => {
      this.receive(
        (bytes, length) => answer.push(Buffer.from(bytes.subarray(0, length))),
        // The connection has ended, as it should.
        () => resolve(),
      );
    });
    this.#socket.write(GOODBYE);
    await within(LEAVE_TIMEOUT_MS, () => "The server did not close a connection.", closed);
    if (!Buffer.concat(answer).equals(PLAIN_CLOSE_FRAME)) {
      throw new BenchmarkError(`The server said goodbye by ${Buffer.concat(answer).toString("hex")}`);
    }
  }

  async #join(): Promise<void> {
    let pending: Buffer = Buffer.alloc(0);
    const joined = new Promise<void>((resolve, reject) => {
      const steps = new HandshakeSteps(this, resolve);
      this.receive((bytes, length) => {
        pending = Buffer.concat([pending, bytes.subarray(0, length)]);
        pending = steps.advance(pending);
      }, reject);
    });
    this.#socket.write(UPGRADE_REQUEST);
    await joined;
    if (pending.length > 0) throw new BenchmarkError("The server sent more than the handshake.");
  }
}

/** The three things a server says before a client is in: 101, the Engine.IO open packet, the CONNECT reply. */
class HandshakeSteps {
  readonly #connection: Connection;
  readonly #done: () => void;
  #upgraded = false;

  constructor(connection: Connection, done: () => void) {
    this.#connection = connection;
    this.#done = done;
  }

  /** Goes as far as the received bytes allow; returns those not used yet. */
  advance(received: Buffer): Buffer {
    let bytes = this.#upgraded ? received : this.#takeUpgrade(received);
    if (!this.#upgraded) return bytes;
    for (let frame = readTextFrame(bytes); frame !== undefined; frame = readTextFrame(bytes)) {
      bytes = bytes.subarray(frame.length);
      this.#takePacket(frame.text);
    }
    return bytes;
  }

  #takeUpgrade(bytes: Buffer): Buffer {
    const end = bytes.indexOf(HEADERS_END);
    if (end === -1) return bytes;
    const head = bytes.toString("latin1", 0, end);
    if (!head.startsWith("HTTP/1.1 101 ") || !head.includes(ACCEPT)) {
      throw new BenchmarkError(`The server refused the upgrade:\n${head}`);
    }
    this.#upgraded = true;
    return bytes.subarray(end + HEADERS_END.length);
  }

  #takePacket(text: string): void {
    if (text.startsWith("0{")) this.#connection.send(CONNECT_PACKET);
    else if (text.startsWith("40{")) this.#done();
    else throw new BenchmarkError(`Unexpected packet in the handshake: ${text}`);
  }
}

/** Opens `count` connections, a bounded number at a time. */
export async function openConnections(port: number, count: number): Promise<Connection[]> {
  const connections: Connection[] = [];
  while (connections.length < count) {
    const missing = Math.min(OPENED_AT_ONCE, count - connections.length);
    connections.push(...(await Promise.all(Array.from({ length: missing }, () => Connection.open(port)))));
  }
  return connections;
}

/** Opens `count` connections, lets them be used and closes them. */
export async function useConnections<Result>(
  port: number,
  count: number,
  use: (connections: readonly Connection[]) => Promise<Result>,
): Promise<Result> {
  const connections = await openConnections(port, count);
  try {
    return await use(connections);
  } finally {
    for (const connection of connections) connection.close();
  }
}
