import { once } from "node:events";
import type { Application } from "rookery";
import { io, type Socket } from "socket.io-client";
import { startServer } from "../src/server.js";

/** End to end: a real server on a free port, and the client that browsers use. */
describe("The app", () => {
  let app: Application;
  let url: string;
  const clients: Socket[] = [];

  beforeAll(async () => {
    app = await startServer(0, "127.0.0.1");
    url = `http://127.0.0.1:${app.address().port}`;
  });

  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await app.close();
  });

  it("carries a message from one client to another", async () => {
    const [ann, bob] = [await enter("Ann"), await enter("Bob")];
    const received = nextEvent(bob, "message:new");
    const sent: unknown = await ann.emitWithAck("message:send", { room: "lobby", text: "hi" });

    expect(sent).toMatchObject({ from: "Ann", text: "hi" });
    expect(await received).toEqual(sent);
  });

  it.each(["/", "/chat.js", "/chat.css", "/socket.io/socket.io.min.js"])("serves %s", async (path) => {
    const response = await fetch(new URL(path, url));
    await response.text();

    expect(response.status).toBe(200);
  });

  it("serves no file but those of the page", async () => {
    const response = await fetch(new URL("/../package.json", url));

    expect(response.status).toBe(404);
  });

  async function enter(name: string): Promise<Socket> {
    const client = io(`${url}/chat`, { auth: { name } });
    clients.push(client);
    await client.emitWithAck("room:join", { room: "lobby" });
    return client;
  }

  async function nextEvent(client: Socket, event: string): Promise<unknown> {
    const [payload] = (await once(client as unknown as NodeJS.EventEmitter, event)) as unknown[];
    return payload;
  }
});
