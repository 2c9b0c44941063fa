import { Ack, ConnectedSocket, Namespace, OnConnect, OnEvent, type Socket } from "rookery";
import { deferred, nextEvent, until, type EventSource } from "../../support/waiting.js";
import { ask, type Running, useApplications } from "../support/applications.js";

const gate = deferred<undefined>();

@Namespace()
class RoomGateway {
  @OnEvent("join")
  @Ack()
  async join(rooms: string[], @ConnectedSocket() socket: Socket): Promise<number> {
    await socket.join(rooms);
    return socket.rooms.size;
  }
}

@Namespace("/slow")
class SlowGateway {
  @OnConnect()
  async hold(): Promise<void> {
    await gate.promise;
  }
}

describe("the caps of the server, as options of an application:", () => {
  const run = useApplications();

  const handshake = async ({ app }: Running, address = "198.51.100.1"): Promise<Response> =>
    fetch(`http://127.0.0.1:${app.address().port}/socket.io/?EIO=4&transport=polling`, {
      headers: { "x-forwarded-for": address },
    });
  const statuses = async (running: Running, addresses: readonly string[]): Promise<number[]> => {
    const found: number[] = [];
    for (const address of addresses) found.push((await handshake(running, address)).status);
    return found;
  };

  it("maxConnections refuses with 503 and Retry-After", async () => {
    const running = await run({}, { maxConnections: 2 });

    expect(await statuses(running, ["a", "b"])).toEqual([200, 200]);
    const refused = await handshake(running);
    expect([refused.status, Number(refused.headers.get("retry-after")) > 0]).toEqual([503, true]);
  });

  it("maxConnectionsPerAddress counts what trustProxy lets believe", async () => {
    const [first, second] = ["198.51.100.1", "198.51.100.2"];
    const running = await run({}, { maxConnectionsPerAddress: 1, trustProxy: 1 });
    expect(await statuses(running, [first, first, second])).toEqual([200, 503, 200]);

    const plain = await run({}, { maxConnectionsPerAddress: 1 });
    expect(await statuses(plain, [first, second])).toEqual([200, 503]);
  });

  it("maxHandshakesPerSecond", async () => {
    const running = await run({}, { maxHandshakesPerSecond: 2 });
    const found = await statuses(running, ["a", "b", "c", "d", "e", "f"]);

    expect(found.slice(0, 2)).toEqual([200, 200]);
    expect(found).toContain(503);
  });

  it("maxRoomsPerSocket fails the join, and the client hears INTERNAL", async () => {
    const running = await run({ providers: [RoomGateway] }, { maxRoomsPerSocket: 3 });
    const client = await running.connect();

    expect(await ask(client, "join", ["a", "b"])).toBe(3);
    expect(await ask(client, "join", ["c"])).toMatchObject({ error: { code: "INTERNAL" } });
    expect(running.log).toContainEqual(
      expect.objectContaining({ level: "warn", message: "a socket may not join a room" }),
    );
  });

  it.each([
    ["maxEventNameLength", { maxEventNameLength: 5 }, ["sixsix"]],
    ["maxPayloadDepth", { maxPayloadDepth: 3 }, ["deep", [[[[1]]]]]],
  ] as const)("%s ends the connection", async (_name, options, [event, ...args]) => {
    const running = await run({ providers: [RoomGateway] }, options);
    const client = await running.connect();
    const gone = nextEvent(client, "disconnect");
    client.emit(event, ...args);

    expect((await gone)[0]).toBe("transport close");
  });

  it("maxWaitingEvents ends a connection that sends too much before it is let in", async () => {
    const running = await run({ providers: [SlowGateway] }, { maxWaitingEvents: 2 });
    const client = running.client("/slow");
    await until(() => running.app.server.engine.clientsCount === 1, "the connection is there");
    const closed = nextEvent(client.io as unknown as EventSource, "close");
    const { engine } = client.io as unknown as { engine: { write(packet: string): void } };
    for (let count = 0; count < 3; count++) engine.write('2/slow,["early"]');

    expect((await closed)[0]).toBe("transport close");
    gate.resolve(undefined);
  });
});
