import type { Socket } from "../support/peer.js";
import { PollingSession } from "../support/raw-http.js";
import { RawWebSocket } from "../support/raw-websocket.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent, nextEvents, until } from "../support/waiting.js";

const open = useStages();

interface Upgrading {
  readonly session: PollingSession;
  readonly socket: Socket;
  readonly probe: RawWebSocket;
}

/** A polling session in the main namespace and a WebSocket that has not yet said anything. */
async function upgrading(stage: Stage): Promise<Upgrading> {
  const connected = nextEvent(stage.io, "connection");
  const session = await PollingSession.join(stage);
  const [socket] = (await connected) as [Socket];
  return { session, socket, probe: await probing(stage, session) };
}

function probing(stage: Stage, session: PollingSession): Promise<RawWebSocket> {
  return RawWebSocket.open(stage, `EIO=4&transport=websocket&sid=${session.sid}`);
}

async function upgradeByHand({ probe, socket }: Upgrading): Promise<void> {
  probe.send("2probe");
  expect(await probe.next()).toBe("3probe");
  const done = nextEvent(socket.conn, "upgrade");
  probe.send("5");
  await done;
}

describe("an upgrade", () => {
  it("is probed, frees the parked poll and moves the session", async () => {
    const stage = await open();
    const { session, socket, probe } = await upgrading(stage);
    const poll = session.poll();
    await until(() => socket.conn.transport.writable, "a poll is parked");
    probe.send("2probe");
    expect(await probe.next()).toBe("3probe");
    expect((await poll).body).toBe("6");
    const done = nextEvent(socket.conn, "upgrade");
    probe.send("5");
    await done;

    expect(socket.conn.transport.name).toBe("websocket");
    socket.emit("say", 1);
    expect(await probe.next()).toBe('42["say",1]');
    const arrived = nextEvent(socket, "say");
    probe.send('42["say",2]');
    expect(await arrived).toEqual([2]);
  });

  it("frees a poll that comes after the probe", async () => {
    const { session, probe } = await upgrading(await open());
    probe.send("2probe");
    expect(await probe.next()).toBe("3probe");

    expect((await session.poll()).body).toBe("6");
  });

  it("ends polling for the session, which lives on", async () => {
    const stage = await open();
    const upgrade = await upgrading(stage);
    await upgradeByHand(upgrade);
    const { session, socket, probe } = upgrade;
    const poll = await session.poll();
    const post = await session.post('42["say",1]');

    for (const { status, body } of [poll, post]) {
      expect([status, body]).toEqual([400, '{"code":3,"message":"Bad request"}']);
    }
    socket.emit("say", 2);
    expect(await probe.next()).toBe('42["say",2]');
  });

  it("loses and doubles nothing that the server says meanwhile", async () => {
    const { session, socket, probe } = await upgrading(await open());
    socket.emit("say", 1);
    probe.send("2probe");
    expect(await probe.next()).toBe("3probe");
    socket.emit("say", 2);
    const polled = (await session.poll()).body.split("\x1e");
    socket.emit("say", 3);
    const done = nextEvent(socket.conn, "upgrade");
    probe.send("5");
    await done;
    socket.emit("say", 4);
    const messages = polled.filter((packet) => packet !== "6");
    messages.push(...(await probe.take(4 - messages.length)).map(String));

    expect(messages).toEqual([1, 2, 3, 4].map((n) => `42["say",${n}]`));
  });

  it("takes what the client posts until it is done", async () => {
    const { session, socket, probe } = await upgrading(await open());
    const arrived = nextEvents(socket, "say", 3);
    await session.post('42["say",1]');
    probe.send("2probe");
    expect(await probe.next()).toBe("3probe");
    await session.post('42["say",2]');
    probe.send("5", '42["say",3]');

    expect(await arrived).toEqual([[1], [2], [3]]);
  });

  it("is accepted without a probe", async () => {
    const { socket, probe } = await upgrading(await open());
    const done = nextEvent(socket.conn, "upgrade");
    probe.send("5");
    await done;
    socket.emit("say", 1);

    expect(await probe.next()).toBe('42["say",1]');
  });

  it.each(["4", '42["say",1]', "2", "2wrong", "3probe", "abc"])(
    "is called off by %j, and polling goes on",
    async (frame) => {
      const { session, socket, probe } = await upgrading(await open());
      probe.send(frame);
      expect(await probe.closeCode()).toBe(1005);

      socket.emit("say", 1);
      expect((await session.poll()).body).toBe('42["say",1]');
    },
  );

  it("is called off by a probe that says nothing for too long", async () => {
    const { session, socket, probe } = await upgrading(await open({ upgradeTimeout: 30 }));
    expect(await probe.closeCode()).toBe(1005);

    socket.emit("say", 1);
    expect((await session.poll()).body).toBe('42["say",1]');
  });

  it("may be tried again after a probe was closed", async () => {
    const stage = await open();
    const { session, socket, probe } = await upgrading(stage);
    probe.close();
    await probe.closeCode();
    // The server sees the end of the first probe a little later than its client, and closes a second one until then.
    let answer: unknown;
    let again: RawWebSocket;
    do {
      again = await probing(stage, session);
      again.send("2probe");
      answer = await again.next().catch(() => "closed");
    } while (answer === "closed");
    expect(answer).toBe("3probe");
    const done = nextEvent(socket.conn, "upgrade");
    again.send("5");
    await done;

    expect(socket.conn.transport.name).toBe("websocket");
  });

  it("has one probe at a time", async () => {
    const stage = await open();
    const upgrade = await upgrading(stage);
    const second = await probing(stage, upgrade.session);
    expect(await second.closeCode()).toBe(1005);
    await upgradeByHand(upgrade);

    expect(upgrade.socket.conn.transport.name).toBe("websocket");
  });

  it("happens once", async () => {
    const stage = await open();
    const upgrade = await upgrading(stage);
    await upgradeByHand(upgrade);
    const second = await probing(stage, upgrade.session);
    expect(await second.closeCode()).toBe(1005);

    upgrade.socket.emit("say", 1);
    expect(await upgrade.probe.next()).toBe('42["say",1]');
  });

  it("ends with the session when that is closed meanwhile", async () => {
    const { session, socket, probe } = await upgrading(await open());
    probe.send("2probe");
    expect(await probe.next()).toBe("3probe");
    const gone = nextEvent(socket, "disconnect");
    await session.post("1");

    expect((await gone)[0]).toBe("transport close");
    expect(await probe.closeCode()).toBe(1005);
  });
});
