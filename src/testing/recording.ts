import type { EngineRequest, EngineSocket, MessageData, Server } from "../core.js";
import { StableIds } from "./stable-ids.js";
import type { VirtualClock } from "./virtual-clock.js";

/** What Engine.IO's packets are called on the wire. */
const PACKET_DIGITS: Readonly<Record<string, string>> = { close: "1", ping: "2", pong: "3", message: "4" };

/** Query parameters and headers that every connection has. */
const USUAL: ReadonlySet<string> = new Set(["EIO", "transport", "host"]);

/** A packet as the engine tells its listeners of it. */
interface ObservedPacket {
  readonly type: string;
  readonly data?: MessageData;
}

/**
 * What connections said, from the call of `app.record()` on: a line each.
 *
 * | line                              | says                                                        |
 * |-----------------------------------|-------------------------------------------------------------|
 * | `1 opens`                         | the first connection; with its query and headers, if any    |
 * | `1 > 42/chat,0["say","hi"]`       | a frame of its client; bytes follow a `b`, in base64        |
 * | `1 < 43/chat,0[]`                 | a frame of the server                                       |
 * | `1 closes: transport close`       | its end, as the server sees it                              |
 * | `+ 5000 ms`                       | time that `app.clock.advance()` let pass                    |
 *
 * Ids that differ from run to run have names in their place: `<socket 1>`, `<session 1>`, `<error 1>`.
 */
export class Recording {
  /** @internal */
  readonly ids = new StableIds();
  readonly #lines: string[] = [];
  readonly #server: Server;
  #connections = 0;

  /** @internal */
  constructor(server: Server, clock: VirtualClock) {
    this.#server = server;
    clock.stop();
    clock.observe((durationMs) => this.#lines.push(`+ ${durationMs} ms`));
    server.engine.on("connection", this.#onConnection);
  }

  /** What has been said so far, for `toMatchSnapshot()` and `app.replay()`. */
  get transcript(): string {
    return this.#lines.map((line) => `${this.ids.rename(line)}\n`).join("");
  }

  /** Further connections are not written down. */
  stop(): void {
    this.#server.engine.off("connection", this.#onConnection);
  }

  toString(): string {
    return this.transcript;
  }

  readonly #onConnection = (connection: EngineSocket): void => {
    const name = `${++this.#connections}`;
    this.#lines.push(`${name} opens${described(connection.request)}`);
    connection.on("packet", (packet: ObservedPacket) => {
      this.#lines.push(`${name} > ${frameOf(packet)}`);
    });
    connection.on("packetCreate", (packet: ObservedPacket) => {
      const frame = frameOf(packet);
      this.ids.learn(frame);
      this.#lines.push(`${name} < ${frame}`);
    });
    connection.on("close", (reason: string) => {
      this.#lines.push(`${name} closes: ${reason}`);
    });
  };
}

function frameOf({ type, data = "" }: ObservedPacket): string {
  if (typeof data !== "string") return `b${toBase64(data)}`;
  return `${PACKET_DIGITS[type] ?? type}${data}`;
}

function toBase64(data: Exclude<MessageData, string>): string {
  return Buffer.from(data).toString("base64");
}

/** What a connection says of itself beside what every one says. */
function described({ url, headers }: EngineRequest): string {
  const query = unusual([...new URL(url ?? "", "http://localhost").searchParams]);
  const unusualHeaders = unusual(Object.entries(headers));
  const said = { ...(query && { query }), ...(unusualHeaders && { headers: unusualHeaders }) };
  return Object.keys(said).length === 0 ? "" : ` ${JSON.stringify(said)}`;
}

function unusual(entries: readonly (readonly [string, unknown])[]): object | undefined {
  const found = entries.filter(([name]) => !USUAL.has(name));
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
