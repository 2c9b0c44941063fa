import { request, type ClientRequest } from "node:http";
import { silentLogger, standardParser } from "rookery/core";
import { ClusterAdapter } from "socket.io-adapter";
import { WebSocket } from "ws";
import { Bus } from "../support/bus.js";
import { called, departure, join } from "../support/joining.js";
import type { ServerOptions, Socket } from "../support/peer.js";
import { PollingSession, send } from "../support/raw-http.js";
import type { Frame } from "../support/raw-websocket.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent, until, within } from "../support/waiting.js";

const open = useStages();
const openSilent = (options?: Partial<ServerOptions>): Promise<Stage> => open({ logger: silentLogger, ...options });

const PLACEHOLDER = '{"_placeholder":true,"num":0}';
const FETCH_SOCKETS = 7;

describe("texts of the API", () => {
  it('`"<ev>" is a reserved event name`', async () => {
    const { io } = await open();

    expect(() => io.emit("connect")).toThrow('"connect" is a reserved event name');
  });

  it("operation has timed out", async () => {
    const { socket } = await join(await open());

    await expect(socket.timeout(1).emitWithAck("q")).rejects.toThrow(/^operation has timed out$/);
  });

  it("timeout reached: missing N responses", async () => {
    const bus = new Bus();
    const [one] = [await open({ adapter: bus.adapter }), await open({ adapter: bus.adapter })];
    await until(async () => (await one.io.of("/").adapter.serverCount()) === 2, "the servers know of each other");
    bus.lost.add(FETCH_SOCKETS);

    await expect(one.io.timeout(1).fetchSockets()).rejects.toThrow("timeout reached: missing 1 responses");
  });

  it("timeout reached: only N responses received out of M", async () => {
    /** Believes in another server, which is not there. */
    class LonelyAdapter extends ClusterAdapter {
      // eslint-disable-next-line @typescript-eslint/no-useless-constructor -- makes it public
      constructor(nsp: unknown) {
        super(nsp);
      }

      override async serverCount(): Promise<number> {
        return 2;
      }

      protected override async doPublish(): Promise<string> {
        return "";
      }

      protected override async doPublishResponse(): Promise<void> {
        // Nobody asks.
      }
    }
    const { io } = await open({ adapter: LonelyAdapter });

    await expect(io.timeout(1).fetchSockets()).rejects.toThrow("timeout reached: only 0 responses received out of 1");
  });

  it("No adapter for this namespace, are you trying …: does not come, a parent namespace knows of no sockets", async () => {
    const { io } = await open();

    // eslint-disable-next-line @typescript-eslint/no-deprecated -- what the text is about
    expect(await io.of(/^\/x/).allSockets()).toEqual(new Set());
  });

  it("fetchSockets() is not supported on parent namespaces", async () => {
    const { io } = await open();

    await expect(async () => io.of(/^\/x/).fetchSockets()).rejects.toThrow(
      "fetchSockets() is not supported on parent namespaces",
    );
  });

  it("You are trying to attach socket.io to an express request handler function…", async () => {
    const { io } = await open();

    expect(() => io.attach((() => undefined) as never)).toThrow(
      "You are trying to attach socket.io to an express request handler function. Please pass a http.Server instance.",
    );
  });

  it("stateful regular expressions are not supported", async () => {
    const { io } = await open();

    expect(() => io.of(/x/g)).toThrow("stateful regular expressions are not supported");
  });

  it("Invalid namespace", async () => {
    const { client } = await join(await open());
    client.send("40/x,");

    expect(await client.next()).toBe('44/x,{"message":"Invalid namespace"}');
  });
});

describe("texts of the parser", () => {
  it.each<[text: string, frames: Frame[]]>([
    ["unknown packet type 9", ["49"]],
    ["invalid payload", ["42{}"]],
    ["Illegal attachments", ['45-["a"]']],
    ["illegal attachments", [`451-["a",${PLACEHOLDER.replace("0", "5")}]`, Buffer.from([1])]],
    ["too many attachments", ['4511-["a"]']],
    ["got plaintext data when reconstructing a packet", [`451-["a",${PLACEHOLDER}]`, '42["b"]']],
    ["got binary data when not reconstructing a packet", [Buffer.from([1])]],
  ])("%s", async (text, frames) => {
    const { client, socket } = await join(await openSilent());
    const failure = nextEvent(socket, "error");
    client.send(...frames);

    expect(await failure).toEqual([expect.objectContaining({ message: text })]);
  });

  it("Unknown type: …", () => {
    const decoder = new standardParser.Decoder();

    expect(() => {
      decoder.add(5 as never);
    }).toThrow("Unknown type: 5");
  });
});

describe("texts of the engine's refusals", () => {
  it.each<[text: string, query: string, options: Partial<ServerOptions>, method: string]>([
    ["Transport unknown", "EIO=4&transport=x", {}, "GET"],
    ["Session ID unknown", "EIO=4&transport=polling&sid=x", {}, "GET"],
    ["Bad handshake method", "EIO=4&transport=polling", {}, "POST"],
    ["Bad request", "EIO=4&transport=websocket", {}, "GET"],
    ["Forbidden", "EIO=4&transport=polling", { allowRequest: (_request, reply) => reply(null, false) }, "GET"],
    ["Unsupported protocol version", "EIO=3&transport=polling", {}, "GET"],
  ])("%s", async (text, query, options, method) => {
    const { body } = await send(await openSilent(options), query, { method });

    expect(JSON.parse(body)).toMatchObject({ message: text });
  });
});

describe("texts of a departure", () => {
  /** A polling session and its socket. */
  async function poll(stage: Stage): Promise<{ session: PollingSession; socket: Socket }> {
    const connected = nextEvent(stage.io, "connection");
    const session = await PollingSession.join(stage);
    return { session, socket: (await connected)[0] as Socket };
  }

  /** A POST whose body never ends. */
  async function beginPost(stage: Stage, { query }: PollingSession): Promise<ClientRequest> {
    const arrived = nextEvent(stage.http, "request");
    const post = request(`${stage.url}/socket.io/?${query}`, {
      method: "POST",
      agent: false,
      headers: { "content-type": "text/plain", "content-length": "100" },
    });
    post.on("error", () => undefined).write("4");
    stage.onClose(() => post.destroy());
    await arrived;
    return post;
  }

  /** A poll that waits at the server. */
  async function park(stage: Stage, session: PollingSession, signal?: AbortSignal): Promise<void> {
    const arrived = nextEvent(stage.http, "request");
    void session.poll(signal).catch(() => undefined);
    await arrived;
  }

  it.each<[text: string, act: (stage: Stage, session: PollingSession) => Promise<unknown>]>([
    ["invalid heartbeat direction", (_stage, session) => session.post("2")],
    ["invalid content", (_stage, session) => session.post("4", "application/octet-stream")],
    [
      "overlap from client",
      async (stage, session) => {
        await park(stage, session);
        await session.poll();
      },
    ],
    [
      "data request overlap from client",
      async (stage, session) => {
        await beginPost(stage, session);
        await session.post("4");
      },
    ],
    [
      "poll connection closed prematurely",
      async (stage, session) => {
        const controller = new AbortController();
        await park(stage, session, controller.signal);
        controller.abort();
      },
    ],
    [
      "data request connection closed prematurely",
      async (stage, session) => (await beginPost(stage, session)).destroy(),
    ],
  ])("%s", async (text, act) => {
    const stage = await openSilent();
    const { session, socket } = await poll(stage);
    const gone = departure(socket);
    await act(stage, session);
    const [reason, description] = await gone;

    expect(reason).toBe("transport error");
    expect((description as Error).message).toBe(text);
  });

  it.each<[text: RegExp, opcode: number, count: number, bytes: number]>([
    [/Max payload size exceeded/, 0x81, 1, 125],
    [/Invalid WebSocket frame: /, 0xf1, 1, 1],
    [/Too many message fragments/, 0x00, 16_400, 0],
  ])("ws: %s", async (text, opcode, count, bytes) => {
    const stage = await openSilent({ maxHttpBufferSize: 100 });
    const connected = nextEvent(stage.io, "connection");
    const client = new WebSocket(`${stage.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
    stage.onClose(() => {
      client.terminate();
    });
    await within(new Promise((resolve) => client.once("message", resolve)), "the handshake");
    client.send("40");
    const gone = departure((await connected)[0] as Socket);
    const { _socket: tcp } = client as unknown as { _socket: { write: (chunk: Buffer) => void } };
    if (opcode === 0x00) tcp.write(Buffer.from([0x01, 0x81, 0, 0, 0, 0, 0x34]));
    const frame = Buffer.concat([Buffer.from([opcode, 0x80 | bytes, 0, 0, 0, 0]), Buffer.alloc(bytes, "4")]);
    tcp.write(Buffer.concat(Array<Buffer>(count).fill(frame)));
    const [reason, description] = await gone;

    expect(reason).toBe("transport error");
    expect((description as Error).message).toMatch(text);
  });

  it("write error: is the end of a client that cannot be written to", async () => {
    const stage = await openSilent();
    const { socket } = await join(stage);
    const failure = called((callback) => socket.conn.on("close", callback));
    stage.cutConnections();
    socket.emit("a");

    expect(await failure).toMatchObject(["transport error", { message: "write error" }]);
  });
});
