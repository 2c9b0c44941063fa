import { itIsBetterHere } from "../support/better-here.js";
import { OldPollingSession } from "../support/old-polling.js";
import type { ServerOptions, Socket } from "../support/peer.js";
import { RawWebSocket, type Frame } from "../support/raw-websocket.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent, until } from "../support/waiting.js";

const WEBSOCKET = "EIO=3&transport=websocket";
const HEADER = '451-["bin",{"_placeholder":true,"num":0}]';

const openAny = useStages();
const open = (options: Partial<ServerOptions> = {}): Promise<Stage> => openAny({ allowEIO3: true, ...options });

async function joined(stage: Stage, extra = ""): Promise<{ client: RawWebSocket; socket: Socket }> {
  const connected = nextEvent(stage.io, "connection");
  const client = await RawWebSocket.open(stage, WEBSOCKET + extra);
  const [, connect] = await client.take(2);
  expect(connect).toBe("40");
  const [socket] = (await connected) as [Socket];
  return { client, socket };
}

/** A polling session in the main namespace and a WebSocket that has not yet said anything. */
async function upgrading(stage: Stage): Promise<{ session: OldPollingSession; socket: Socket; probe: RawWebSocket }> {
  const connected = nextEvent(stage.io, "connection");
  const session = await OldPollingSession.join(stage);
  const [socket] = (await connected) as [Socket];
  return { session, socket, probe: await RawWebSocket.open(stage, `${WEBSOCKET}&sid=${session.sid}`) };
}

describe("a WebSocket of Engine.IO 3", () => {
  it("opens with the handshake, in the main namespace at once", async () => {
    const client = await RawWebSocket.open(await open(), WEBSOCKET);

    expect(await client.take(2)).toEqual([
      expect.stringMatching(
        /^0\{"sid":"[\w-]{20}","upgrades":\[\],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000\}$/,
      ),
      "40",
    ]);
  });

  it("carries text as it is", async () => {
    const { client, socket } = await joined(await open());
    const heard = nextEvent(socket, "say");
    client.send('42["say","é🐦"]');
    expect(await heard).toEqual(["é🐦"]);
    socket.emit("say", "é🐦");

    expect(await client.next()).toBe('42["say","é🐦"]');
  });

  it("carries bytes behind the byte 4", async () => {
    const { client, socket } = await joined(await open());
    const heard = nextEvent(socket, "bin");
    client.send(HEADER, Buffer.from([4, 1, 2, 3]));
    expect(await heard).toEqual([Buffer.from([1, 2, 3])]);
    socket.emit("bin", Buffer.from([4, 5]));

    expect(await client.take(2)).toEqual([HEADER, Buffer.from([4, 4, 5])]);
  });

  it("carries bytes as base64 to a client with b64=1, and from any client", async () => {
    const { client, socket } = await joined(await open(), "&b64=1");
    const heard = nextEvent(socket, "bin");
    client.send(HEADER, "b4AQID");
    expect(await heard).toEqual([Buffer.from([1, 2, 3])]);
    socket.emit("bin", Buffer.from([1, 2, 3]));

    expect(await client.take(2)).toEqual([HEADER, "b4AQID"]);
  });

  it("carries what is broadcast to clients of both revisions", async () => {
    const stage = await open();
    const { client } = await joined(stage);
    const newer = await RawWebSocket.join(stage);
    stage.io.emit("say", 1);
    stage.io.emit("bin", Buffer.from([7]));

    expect(await client.take(3)).toEqual(['42["say",1]', HEADER, Buffer.from([4, 7])]);
    expect(await newer.take(3)).toEqual(['42["say",1]', HEADER, Buffer.from([7])]);
  });

  it.each<[what: string, frame: Frame]>([
    ["an unknown type", "7"],
    ["no type", ""],
  ])("is closed for a frame of %s", async (_what, frame) => {
    const { client, socket } = await joined(await open());
    const gone = nextEvent(socket, "disconnect");
    client.send(frame);

    expect((await gone)[0]).toBe("parse error");
    expect(await client.closeCode()).toBe(1005);
  });

  for (const [what, frame] of [
    ["bytes of another type", Buffer.from([2])],
    ["bytes behind a digit", Buffer.from("41")],
    ["what is no base64", "b4!!!"],
  ] as const) {
    itIsBetterHere(`a frame of Engine.IO 3 with ${what} is a parse error`, async () => {
      const { client, socket } = await joined(await open());
      const gone = nextEvent(socket, "disconnect");
      client.send(frame);

      expect((await gone)[0]).toBe("parse error");
    });
  }
});

describe("the heartbeat of Engine.IO 3", () => {
  it("is the client's: the server answers, and pings never", async () => {
    const { client, socket } = await joined(await open({ pingInterval: 20, pingTimeout: 10_000 }));
    for (const ping of ["2", "2", "2hello"]) {
      const beat = nextEvent(socket.conn, "heartbeat");
      client.send(ping);
      await beat;
    }

    expect(await client.take(3)).toEqual(["3", "3", "3"]);
  });

  it("ends a session without a ping after both times together", async () => {
    const stage = await open({ pingInterval: 100, pingTimeout: 100 });
    const opened = performance.now();
    const { client, socket } = await joined(stage);
    const gone = nextEvent(socket, "disconnect");
    client.send('42["not a ping"]');

    expect((await gone)[0]).toBe("ping timeout");
    expect(performance.now() - opened).toBeGreaterThan(195);
    expect(client.untaken).toEqual([]);
  });

  it("ends a session whose client answers where it should ask", async () => {
    const { client, socket } = await joined(await open());
    const gone = nextEvent(socket, "disconnect");
    client.send("3");
    const [reason, description] = await gone;

    expect(reason).toBe("transport error");
    expect(description).toHaveProperty("message", "invalid heartbeat direction");
  });

  itIsBetterHere("goes on being waited for after an upgrade", async () => {
    const { socket, probe } = await upgrading(await open({ pingInterval: 300, pingTimeout: 300 }));
    probe.send("2probe");
    expect(await probe.next()).toBe("3probe");
    const gone = nextEvent(socket, "disconnect");
    probe.send("5");

    expect((await gone)[0]).toBe("ping timeout");
  });
});

describe("an upgrade of Engine.IO 3", () => {
  it("is probed, frees each parked poll, and moves the session", async () => {
    const { session, socket, probe } = await upgrading(await open());
    const first = session.poll();
    await until(() => socket.conn.transport.writable, "a poll is parked");
    probe.send("2probe");
    expect(await probe.next()).toBe("3probe");
    expect((await first).body).toBe("1:6");
    // A client may poll again before it has noticed.
    expect((await session.poll()).body).toBe("1:6");
    const done = nextEvent(socket.conn, "upgrade");
    probe.send("5");
    await done;

    expect(socket.conn.transport.name).toBe("websocket");
    socket.emit("bin", Buffer.from([1]));
    expect(await probe.take(2)).toEqual([HEADER, Buffer.from([4, 1])]);
    const arrived = nextEvent(socket, "say");
    probe.send('42["say",2]');
    expect(await arrived).toEqual([2]);
  });

  it("without a probe is accepted", async () => {
    const { socket, probe } = await upgrading(await open());
    const done = nextEvent(socket.conn, "upgrade");
    probe.send("5");
    await done;
    socket.emit("say", 1);

    expect(await probe.next()).toBe('42["say",1]');
  });

  it("loses and doubles nothing that the server says meanwhile, text and bytes", async () => {
    const { socket, probe } = await upgrading(await open());
    probe.send("2probe");
    expect(await probe.next()).toBe("3probe");
    for (const n of [1, 2, 3]) socket.emit("bin", Buffer.from([n]));
    const done = nextEvent(socket.conn, "upgrade");
    probe.send("5");
    await done;
    socket.emit("say", "after");

    const frames = [1, 2, 3].flatMap((n) => [HEADER, Buffer.from([4, n])]);
    expect(await probe.take(7)).toEqual([...frames, '42["say","after"]']);
  });

  it("by another revision than the session's is refused", async () => {
    const stage = await open();
    const { sid } = await OldPollingSession.open(stage);

    await expect(RawWebSocket.open(stage, `EIO=4&transport=websocket&sid=${sid}`)).rejects.toThrow("400");
  });
});
