import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { silentLogger } from "rookery";
import type { Application } from "rookery";
import { io } from "socket.io-client";
import type { Socket } from "socket.io-client";
import { startChat } from "../src/chat-server.js";
import { explainFailure } from "../src/start-failure.js";
import { UserService } from "../src/user.service.js";

describe("startChat", () => {
  let chat: Application;
  let url: string;
  const clients: Socket[] = [];

  beforeAll(async () => {
    chat = await startChat(0, silentLogger);
    url = `http://127.0.0.1:${chat.address().port}`;
  });

  afterAll(async () => {
    const connected = clients.filter((client) => client.connected);
    await Promise.all([chat.close(), ...connected.map((client) => nextEvent(client, "disconnect"))]);
  });

  it("serves a chat to real clients, over polling and WebSocket", async () => {
    const ann = connect("Ann", ["websocket"]);
    const bob = connect("Bob", ["polling"]);
    await Promise.all([
      ann.emitWithAck("room:join", { room: "lobby" }),
      bob.emitWithAck("room:join", { room: "lobby" }),
    ]);
    bob.on("message:new", (_message, received: () => void) => {
      received();
    });

    const [receipt, saved] = await Promise.all([
      nextEvent(ann, "message:delivered"),
      ann.emitWithAck("message:send", { id: "message-1", room: "lobby", text: "hi" }),
    ]);
    expect(saved).toMatchObject({ from: "Ann", text: "hi" });
    expect(receipt).toEqual({ room: "lobby", id: "message-1" });
  });

  it("refuses a name that is taken with a connect_error that says so", async () => {
    await nextEvent(connect("Eve"), "welcome");

    expect(await nextEvent(connect("eve"), "connect_error")).toMatchObject({
      message: "Somebody is already here as Eve.",
      data: { code: "NAME_TAKEN" },
    });
  });

  it("serves the page, and everything that the page and its scripts and style sheets load", async () => {
    const missing = new Set<string>();
    const seen = new Set<string>();
    const load = async (path: string): Promise<void> => {
      seen.add(path);
      const response = await fetch(new URL(path, url));
      if (!response.ok) missing.add(path);
      const paths = referencesIn(await response.text()).filter((found) => !seen.has(resolve(found, path)));
      for (const found of paths) await load(resolve(found, path));
    };
    await load("/");

    expect([...missing]).toEqual([]);
    expect([...seen]).toEqual(expect.arrayContaining(["/styles/base.css", "/views/log.js", CLIENT]));
  });

  it("says that it is ready as long as somebody fits in, and that it lives in any case", async () => {
    const users = chat.get(UserService);
    const probe = async (name: string): Promise<number> => (await fetch(new URL(`/health/${name}`, url))).status;
    expect([await probe("live"), await probe("ready")]).toEqual([200, 200]);

    const isFull = jest.spyOn(users, "isFull", "get").mockReturnValue(true);
    expect([await probe("live"), await probe("ready")]).toEqual([200, 503]);
    isFull.mockRestore();
  });

  it("has no address of another host in the page's files", async () => {
    const folder = join(__dirname, "..", "public");
    const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(html|css|js|svg)$/.test(name));
    const files = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));

    const addresses = files.flatMap((text) => text.match(/(?:https?:)?\/\/[a-z0-9-]+\.[a-z.]+[^"]*/gi) ?? []);
    expect(addresses.filter((address) => !address.startsWith("http://www.w3.org/2000/svg"))).toEqual([]);
  });

  it("says plainly that the port is taken, and what to do", async () => {
    const { port } = chat.address();
    const failure: unknown = await startChat(port, silentLogger).catch((error: unknown) => error);

    expect(explainFailure(failure, String(port))).toBe(
      `Port ${port} is taken by another program. Choose another one: PORT=3001 npm start`,
    );
  });

  it("says plainly that a port is none", async () => {
    const failure: unknown = await startChat(Number("http"), silentLogger).catch((error: unknown) => error);

    expect(explainFailure(failure, "http")).toMatch(/^PORT is "http", and a port is a whole number from 0 to 65535\./);
  });

  it("disconnects its clients and frees the port when it closes", async () => {
    const other = await startChat(0, silentLogger);
    const { port } = other.address();
    const client = connect("Ann", ["websocket"], port);
    await nextEvent(client, "welcome");

    await Promise.all([nextEvent(client, "disconnect"), other.close()]);
    expect(client.connected).toBe(false);
    const successor = createServer().listen(port, "127.0.0.1");
    await once(successor, "listening");
    expect((successor.address() as AddressInfo).port).toBe(port);
    successor.close();
  });

  function connect(name: string, transports = ["polling", "websocket"], port = chat.address().port): Socket {
    const auth = { name, key: `the key of tab ${clients.length + 1}` };
    const client = io(`http://127.0.0.1:${port}/chat`, { auth, transports, forceNew: true, reconnection: false });
    clients.push(client);
    return client;
  }
});

const CLIENT = "/socket.io/socket.io.esm.min.js";

/** Addresses in a page, its modules' imports, and style sheets; the minified client loads nothing. */
function referencesIn(text: string): string[] {
  const found = text.matchAll(/(?:\b(?:src|href)=|\bfrom |\burl\()"([^"#]+)"/g);
  return Array.from(found, ([, path = ""]) => path).filter((path) => /^[./]/.test(path));
}

function resolve(path: string, from: string): string {
  return new URL(path, new URL(from, "http://localhost")).pathname;
}

function nextEvent(client: Socket, event: string): Promise<unknown> {
  return new Promise((done) => client.once(event, done));
}
