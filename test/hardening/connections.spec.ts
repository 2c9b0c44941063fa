import { request } from "node:http";
import { text } from "node:stream/consumers";
import type { IncomingMessage } from "node:http";
import { departure } from "../support/joining.js";
import type { Socket } from "../support/peer.js";
import { RawConnection, UPGRADE } from "../support/raw-connection.js";
import { PollingSession } from "../support/raw-http.js";
import { encodeFrame, Opcode } from "../support/raw-tcp.js";
import { RawWebSocket } from "../support/raw-websocket.js";
import { useSieges, type Siege } from "../support/siege.js";
import { nextEvent, until } from "../support/waiting.js";

const besiege = useSieges();

const frame = (opcode: number, payload = ""): string =>
  encodeFrame({ opcode, payload: Buffer.from(payload) }).toString("latin1");

/** A WebSocket in "/", as a bare connection. */
async function join(siege: Siege): Promise<RawConnection> {
  const connection = new RawConnection(siege.stage);
  await connection.upgrade();
  connection.write(frame(Opcode.text, "40"));
  await connection.receive('40{"sid":"');
  return connection;
}

/** The server has taken everything that the client wrote so far. */
async function settle(connection: RawConnection): Promise<void> {
  connection.write(frame(Opcode.ping, "settled?"));
  await connection.receive("settled?");
}

describe("control frames", () => {
  it("row 67: ping flood without reading", async () => {
    const siege = await besiege({ maxStrayPackets: 1_000_000 });
    const connected = nextEvent(siege.io, "connection");
    const connection = await join(siege);
    const gone = departure((await connected)[0] as Socket);
    await connection.flood(() => siege.io.engine.clientsCount === 1);

    expect((await gone)[0]).toBe("transport close");
  });

  it.each([
    ["pong flood", Opcode.pong, ""],
    ["unsolicited pong with payload", Opcode.pong, "unasked"],
    ["ping flood", Opcode.ping, ""],
  ])("row 68: pong flood; unsolicited pong with payload (%s, rate count)", async (_what, opcode, payload) => {
    const siege = await besiege({ maxStrayPackets: 50 });
    const connected = nextEvent(siege.io, "connection");
    const connection = await join(siege);
    const gone = departure((await connected)[0] as Socket);
    connection.write(frame(opcode, payload).repeat(49));
    await settle(connection);
    // An answer to the server's ping is a sign of a genuine client: the count begins anew.
    connection.write(frame(Opcode.text, "3"));
    connection.write(frame(opcode, payload).repeat(49));
    await settle(connection);
    expect(siege.io.engine.clientsCount).toBe(2);
    connection.write(frame(opcode, payload));

    expect(await gone).toMatchObject(["transport error", { code: "ENGINE_STRAY_PACKETS" }]);
    await connection.ended();
  });
});

describe("an upgrade", () => {
  it("row 85: messages on both transports during upgrade (a post that comes to its end after it is refused)", async () => {
    const siege = await besiege();
    const heard: unknown[] = [];
    siege.io.on("connection", (socket) => socket.on("say", (word: unknown) => heard.push(word)));
    const session = await PollingSession.join(siege.stage);
    const headers = { "content-length": '42["say","lost"]'.length };
    const post = request(`${siege.stage.url}/socket.io/?${session.query}`, { method: "POST", headers, agent: false });
    const answer = nextEvent(post, "response");
    post.write('42["say"');
    await until(() => (post.socket?.bytesWritten ?? 0) > 0, "half of the body has left");
    const probe = await RawWebSocket.open(siege.stage, `EIO=4&transport=websocket&sid=${session.sid}`);
    probe.send("2probe");
    expect(await probe.next()).toBe("3probe");
    probe.send("5", '42["say","new"]');
    await until(() => heard.length > 0, "the upgrade is complete");
    post.end(',"lost"]');
    const [response] = (await answer) as [IncomingMessage];

    expect([response.statusCode, await text(response)]).toEqual([400, '{"code":3,"message":"Bad request"}']);
    expect(heard).toEqual(["new"]);
  });
});

describe("clients of Engine.IO 3", () => {
  it("are let in once, also when they ask for the main namespace before they are let in", async () => {
    const siege = await besiege({ allowEIO3: true });
    const ids: string[] = [];
    siege.io.on("connection", ({ id }) => ids.push(id));
    const client = new RawConnection(siege.stage);
    const [get, ...head] = UPGRADE;
    const request = [get?.replace("EIO=4", "EIO=3"), ...head, "", ""].join("\r\n");
    client.write(request + frame(Opcode.text, "40"));
    await client.receive("\x88\0");

    expect(ids).toHaveLength(1);
  });

  it("row 98: CONNECT query `0/adm?__proto__=1`, `%E0%A4%A`, `?` ×10 000, absolute URL `0//evil/x`", async () => {
    const siege = await besiege({ allowEIO3: true });
    siege.io.of("/adm");
    const ask = async (packet: string): Promise<RawWebSocket> => {
      const client = await RawWebSocket.open(siege.stage, "EIO=3&transport=websocket");
      await client.take(2);
      client.send(packet);
      return client;
    };
    const connected = nextEvent(siege.io.of("/adm"), "connection");
    expect(await (await ask("40/adm?__proto__=1")).next()).toBe("40/adm,");
    const [socket] = (await connected) as [{ handshake: { auth: object; query: object } }];

    for (const part of [socket.handshake.auth, socket.handshake.query]) {
      expect(Object.getPrototypeOf(part)).toBeNull();
      expect(Object.entries(part)).toContainEqual(["__proto__", "1"]);
    }
    for (const query of ["%E0%A4%A", "a=%", "a=%zz", "?".repeat(10_000)]) {
      expect([query.slice(0, 9), await (await ask(`40/adm?${query}`)).closeCode()]).toEqual([query.slice(0, 9), 1005]);
    }
    expect(await (await ask("40//evil/x")).next()).toBe('44//evil/x,{"message":"Invalid namespace"}');
  });
});
