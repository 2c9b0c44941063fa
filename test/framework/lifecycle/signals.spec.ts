import { createServer } from "node:net";
import { join } from "node:path";
import { io, type Socket as ClientSocket } from "socket.io-client";
import { RemoteProcess } from "../../support/remote-process.js";
import { nextEvent, until, within } from "../../support/waiting.js";
import type { Closing } from "../servers/closing.js";

const SOCKETS = 200;

describe("a process with shutdown hooks", () => {
  let app: RemoteProcess<Closing, { port: number; pid: number }>;
  const clients: ClientSocket[] = [];

  beforeEach(async () => {
    app = await RemoteProcess.start(join(__dirname, "../servers/closing.ts"), {});
  }, 60_000);
  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect();
    await app.stop();
  });

  const visit = async (): Promise<ClientSocket> => {
    const options = { forceNew: true, reconnection: false, transports: ["websocket"] };
    const client = io(`http://127.0.0.1:${app.details.port}`, options);
    clients.push(client);
    await nextEvent(client, "connect");
    return client;
  };
  const work = async (client: ClientSocket, index: number): Promise<unknown> => client.emitWithAck("work", index);
  const signal = (name: NodeJS.Signals): boolean => process.kill(app.details.pid, name);
  /** What the process ends by. */
  const end = (): Promise<string> =>
    app.run(() => new Promise<never>(() => undefined)).catch((error: unknown) => (error as Error).message);
  const running = (count: number): Promise<void> =>
    until(async () => (await app.run((context) => context.count())) === count, `${count} handlers run`);

  it("answers what is in flight at the first signal, frees the port and ends by it", async () => {
    const joined = await Promise.all(Array.from({ length: SOCKETS }, visit));
    const answers = joined.map(work);
    await running(SOCKETS);
    const ended = end();
    signal("SIGTERM");
    await until(async () => !(await mayConnect(app.details.port)), "new clients are refused");
    await app.run((context) => context.release());

    expect(await Promise.all(answers)).toEqual(joined.map((_, index) => index));
    expect(await within(ended, "the end of the process")).toContain("the process has ended (SIGTERM)");
    const server = createServer();
    server.listen(app.details.port, "127.0.0.1");
    await nextEvent(server, "listening");
    server.close();
  });

  it("ends at once at the second signal, whichever of them it is", async () => {
    const client = await visit();
    void work(client, 1).catch(() => undefined);
    await running(1);
    const ended = end();
    signal("SIGTERM");
    await until(async () => !(await mayConnect(app.details.port)), "new clients are refused");
    signal("SIGINT");

    expect(await within(ended, "the end of the process")).toContain("the process has ended (exit code 130)");
  });
});

async function mayConnect(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`);
  return response.status === 200;
}
