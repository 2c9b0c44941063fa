import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { deferred, within } from "./waiting.js";

/** The answer to a request for a WebSocket. */
export interface UpgradeReply {
  readonly status: number;
  /** Lines of the head after the first, as they came. */
  readonly headers: readonly string[];
  /** What came behind the head: the whole body when the server closes the connection. */
  readonly body: Buffer;
  readonly socket: Socket;
}

export interface UpgradeRequest {
  readonly method?: string;
  /** Instead of those of a WebSocket, or beside them; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** Asks for a WebSocket by bytes, to see what clients do not show. Resolves at 101, else when the connection closes. */
export async function requestUpgrade(
  port: number,
  path: string,
  { method = "GET", headers = {} }: UpgradeRequest = {},
): Promise<UpgradeReply> {
  const fields: Record<string, string | undefined> = {
    Host: `127.0.0.1:${port}`,
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
    ...headers,
  };
  const lines = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  const socket = connect(port, "127.0.0.1").on("error", () => undefined);
  socket.write([`${method} ${path} HTTP/1.1`, ...lines, "", ""].join("\r\n"), "latin1");
  return { ...(await within(readReply(socket), `an answer to the upgrade of ${path}`)), socket };
}

async function readReply(socket: Socket): Promise<Omit<UpgradeReply, "socket">> {
  const { promise, resolve } = deferred<Buffer>();
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    const head = Buffer.concat(chunks);
    if (head.includes("\r\n\r\n") && head.toString("latin1", 9, 12) === "101") resolve(head);
  });
  socket.on("close", () => {
    resolve(Buffer.concat(chunks));
  });
  const received = await promise;
  const end = received.indexOf("\r\n\r\n");
  const [first = "", ...headers] = received.toString("latin1", 0, Math.max(end, 0)).split("\r\n");
  return { status: Number(first.slice(9, 12)), headers, body: received.subarray(end + 4) };
}
