import { join } from "node:path";
import type { INestApplication } from "@nestjs/common";
import { io as connect, type ManagerOptions, type Socket as ClientSocket, type SocketOptions } from "socket.io-client";
import { RemoteProcess } from "../support/remote-process.js";
import { nextEvent } from "../support/waiting.js";

describe("a NestJS app whose IoAdapter makes our server", () => {
  let app: RemoteProcess<INestApplication, { port: number }>;
  const clients: ClientSocket[] = [];

  beforeAll(async () => {
    app = await RemoteProcess.start(join(__dirname, "servers/nest.ts"), {});
  }, 60_000);
  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect();
  });
  afterAll(() => app.stop());

  const open = (namespace = "/", options: Partial<ManagerOptions & SocketOptions> = {}): ClientSocket => {
    const url = `http://127.0.0.1:${app.details.port}${namespace}`;
    const client = connect(url, { forceNew: true, reconnection: false, ...options });
    clients.push(client);
    return client;
  };
  const visit = async (namespace?: string, options?: Parameters<typeof open>[1]): Promise<ClientSocket> => {
    const client = open(namespace, options);
    await nextEvent(client, "connect");
    return client;
  };

  it("hears of connections and disconnections", async () => {
    const ann = open();
    expect(await nextEvent(ann, "welcome")).toEqual([ann.id]);
    const bob = await visit();
    const { id } = bob;
    const left = nextEvent(ann, "left");
    bob.disconnect();

    expect(await left).toEqual([id]);
  });

  it("acknowledges with what a handler returns", async () => {
    const ann = await visit();

    expect(await ann.emitWithAck("add", { left: 1, right: 2 })).toBe(3);
  });

  it("lets a handler acknowledge by itself", async () => {
    const ann = await visit();
    const answer = new Promise((resolve) => ann.emit("ask", (...args: unknown[]) => resolve(args)));

    expect(await answer).toEqual(["one", "two"]);
  });

  it("answers with an event", async () => {
    const ann = await visit();
    ann.emit("greet", "ann");

    expect(await nextEvent(ann, "greeting")).toEqual(["hello ann"]);
  });

  it("refuses by a pipe", async () => {
    const ann = await visit();
    ann.emit("add", { left: "1", right: 2 });

    expect(await nextEvent(ann, "exception")).toMatchObject([{ status: "error", message: "left" }]);
  });

  it("admits and refuses by a guard", async () => {
    const ann = await visit("/", { auth: { token: "sesame" } });
    expect(await ann.emitWithAck("open")).toEqual({ open: true });

    const bob = await visit();
    bob.emit("open");
    expect(await nextEvent(bob, "exception")).toMatchObject([{ status: "error", message: "Forbidden resource" }]);
  });

  it("has rooms", async () => {
    const ann = await visit();
    const bob = await visit();
    expect(await ann.emitWithAck("enter", "red")).toEqual([ann.id, "red"]);
    const entered = nextEvent(ann, "entered");
    await bob.emitWithAck("enter", "red");

    expect(await entered).toEqual([bob.id]);
  });

  it("has gateways of other namespaces", async () => {
    const ann = await visit("/news");

    expect(await ann.emitWithAck("echo", Buffer.from([1, 2]))).toEqual(Buffer.from([1, 2]));
  });

  it("closes with its clients", async () => {
    const ann = await visit("/", { transports: ["websocket"] });
    const left = nextEvent(ann, "disconnect");
    await app.run((nest) => nest.close());

    expect((await left)[0]).toBe("transport close");
  });
});
