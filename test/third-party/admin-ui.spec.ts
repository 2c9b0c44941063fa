import { join } from "node:path";
import { io as connect, type ManagerOptions, type Socket as ClientSocket } from "socket.io-client";
import { RemoteProcess } from "../support/remote-process.js";
import { nextEvent, nextEvents } from "../support/waiting.js";

describe("@socket.io/admin-ui", () => {
  let server: RemoteProcess<unknown, { port: number }>;
  const clients: ClientSocket[] = [];

  beforeAll(async () => {
    server = await RemoteProcess.start(join(__dirname, "servers/admin.ts"), {});
  }, 60_000);
  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect();
  });
  afterAll(() => server.stop());

  const open = (namespace: string, auth: object, options: Partial<ManagerOptions> = {}): ClientSocket => {
    const url = `http://127.0.0.1:${server.details.port}${namespace}`;
    const client = connect(url, { auth, forceNew: true, reconnection: false, transports: ["websocket"], ...options });
    clients.push(client);
    return client;
  };
  const openAdmin = async (): Promise<ClientSocket> => {
    const admin = open("/admin", { username: "admin", password: "open sesame" });
    await nextEvent(admin, "all_sockets");
    return admin;
  };
  const visit = async (rooms: string[] = [], options?: Partial<ManagerOptions>): Promise<ClientSocket> => {
    const client = open("/", { name: "ann", rooms }, options);
    await nextEvent(client, "connect");
    return client;
  };

  describe("logging in", () => {
    it("is refused with a wrong password", async () => {
      const admin = open("/admin", { username: "admin", password: "sesame" });

      expect(await nextEvent(admin, "connect_error")).toMatchObject([{ message: "invalid credentials" }]);
    });

    it("tells what can be done, gives a session, and lets that in", async () => {
      const admin = open("/admin", { username: "admin", password: "open sesame" });
      const [[sessionId], [config]] = await Promise.all([nextEvent(admin, "session"), nextEvent(admin, "config")]);
      const features = ["EMIT", "JOIN", "LEAVE", "DISCONNECT", "MJOIN", "MLEAVE", "MDISCONNECT"];
      expect(config).toEqual({ supportedFeatures: [...features, "AGGREGATED_EVENTS", "ALL_EVENTS"] });

      const again = open("/admin", { sessionId });
      expect(await nextEvent(again, "config")).toEqual([config]);
    });
  });

  it("lists the sockets of all namespaces", async () => {
    const ann = await visit(["red"]);
    const admin = open("/admin", { username: "admin", password: "open sesame" });
    const [sockets] = await nextEvent(admin, "all_sockets");

    expect(sockets).toHaveLength(2);
    expect(sockets).toContainEqual(expect.objectContaining({ id: admin.id, nsp: "/admin" }));
    expect(sockets).toContainEqual({
      id: ann.id,
      clientId: expect.stringMatching(/^[\w-]{12}$/),
      transport: "websocket",
      nsp: "/",
      data: { name: "ann" },
      handshake: {
        address: "127.0.0.1",
        headers: expect.objectContaining({ host: `127.0.0.1:${server.details.port}` }),
        query: { EIO: "4", transport: "websocket" },
        issued: expect.any(Number),
        secure: false,
        time: expect.any(String),
        url: "/socket.io/?EIO=4&transport=websocket",
        xdomain: false,
      },
      rooms: [ann.id, "red"],
    });
  });

  it("counts connections, packets and bytes", async () => {
    const admin = await openAdmin();
    await nextEvent(admin, "server_stats");
    const ann = await visit([], { transports: ["polling"] });
    await ann.emitWithAck("echo", "x".repeat(1_000));
    const [stats] = await nextEvent(admin, "server_stats");

    expect(stats).toMatchObject({
      clientsCount: 2,
      pollingClientsCount: 1,
      namespaces: [
        { name: "/", socketsCount: 1 },
        { name: "/admin", socketsCount: 1 },
        { name: "/chat", socketsCount: 0 },
      ],
    });
    const counts = new Map<string, number>();
    for (const { type, count } of (stats as { aggregatedEvents: { type: string; count: number }[] }).aggregatedEvents) {
      counts.set(type, (counts.get(type) ?? 0) + count);
    }
    expect(counts.get("rawConnection")).toBe(1);
    for (const type of ["packetsIn", "packetsOut"]) expect(counts.get(type)).toBeGreaterThanOrEqual(2);
    for (const type of ["bytesIn", "bytesOut"]) expect(counts.get(type)).toBeGreaterThan(1_000);
  });

  it("tells who comes and goes, and which rooms they join and leave", async () => {
    const admin = await openAdmin();
    const came = nextEvent(admin, "socket_connected");
    const joined = nextEvents(admin, "room_joined", 2);
    const ann = await visit(["red"]);
    const { id } = ann;
    expect(await came).toEqual([expect.objectContaining({ id, nsp: "/" }), expect.any(String)]);
    expect((await joined).map(([, room, socketId]) => [room, socketId])).toEqual([
      [id, id],
      ["red", id],
    ]);

    const left = nextEvents(admin, "room_left", 2);
    const gone = nextEvent(admin, "socket_disconnected");
    ann.disconnect();
    expect((await left).map(([, room]) => room)).toEqual([id, "red"]);
    expect(await gone).toEqual(["/", id, "client namespace disconnect", expect.any(String)]);
  });

  it("tells what sockets receive and send", async () => {
    const admin = await openAdmin();
    const ann = await visit();
    const received = nextEvent(admin, "event_received");
    await ann.emitWithAck("echo", 1);
    expect(await received).toEqual(["/", ann.id, ["echo", 1], expect.any(String)]);

    const sent = nextEvent(admin, "event_sent");
    admin.emit("emit", "/", ann.id, "news", 2);
    expect(await sent).toEqual(["/", ann.id, ["news", 2], expect.any(String)]);
  });

  it("tells when a socket's connection is upgraded", async () => {
    const admin = await openAdmin();
    const upgraded = new Promise((resolve) => {
      admin.on("socket_updated", (change: { transport?: string }) => {
        if (change.transport !== undefined) resolve(change);
      });
    });
    const ann = await visit([], { transports: ["polling", "websocket"] });

    expect(await upgraded).toEqual({ id: ann.id, nsp: "/", transport: "websocket" });
  });

  it("emits, moves and disconnects by command", async () => {
    const admin = await openAdmin();
    const ann = await visit(["red"]);
    const bob = await visit();
    const news = nextEvent(ann, "news");
    admin.emit("emit", "/", "red", "news", 1);
    expect(await news).toEqual([1]);

    const joined = nextEvent(admin, "room_joined");
    admin.emit("join", "/", "green", "red");
    expect(await joined).toEqual(["/", "green", ann.id, expect.any(String)]);
    const left = nextEvent(admin, "room_left");
    admin.emit("leave", "/", "green", ann.id);
    expect(await left).toEqual(["/", "green", ann.id, expect.any(String)]);

    const gone = [ann, bob].map((client) => nextEvent(client, "disconnect"));
    admin.emit("_disconnect", "/", false, ann.id);
    admin.emit("_disconnect", "/", true);
    expect((await Promise.all(gone)).map(([reason]) => reason)).toEqual(Array(2).fill("io server disconnect"));
  });
});
