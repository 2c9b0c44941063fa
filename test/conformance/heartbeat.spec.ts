import type { Socket } from "../support/peer.js";
import { PollingSession } from "../support/raw-http.js";
import { RawWebSocket } from "../support/raw-websocket.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent } from "../support/waiting.js";

const QUICK = { pingInterval: 50, pingTimeout: 100 };
/** As quick, but for the first ping, which leaves time to join a namespace. */
const QUICK_AFTER_JOINING = { pingInterval: 400, pingTimeout: 100 };
/** An answer has all the time that a busy machine needs. */
const PATIENT = { pingInterval: 20, pingTimeout: 10_000 };
const open = useStages();

describe("the heartbeat over WebSocket", () => {
  it("pings again and again while the client answers", async () => {
    const stage = await open(PATIENT);
    const client = await RawWebSocket.open(stage);
    await client.next();
    for (let round = 0; round < 3; round++) {
      expect(await client.next()).toBe("2");
      client.send("3");
    }
    client.send("40");

    expect(String(await client.next())).toMatch(/^(?:40|2$)/);
  });

  it("waits for the answer before it pings again", async () => {
    const stage = await open({ pingInterval: 20, pingTimeout: 200 });
    const client = await RawWebSocket.open(stage);
    await client.next();
    await client.closeCode();

    expect(client.untaken).toEqual(["2"]);
  });

  it("closes a session whose client does not answer", async () => {
    const stage = await open(QUICK);
    const closed = sessionClosed(stage);
    const client = await RawWebSocket.open(stage);
    await client.next();

    expect(await client.next()).toBe("2");
    expect(await closed).toBe("ping timeout");
    expect(await client.closeCode()).toBe(1005);
  });

  it("closes a session whose client sends anything but answers", async () => {
    const stage = await open(QUICK_AFTER_JOINING);
    const connected = nextEvent(stage.io, "connection");
    const client = await RawWebSocket.join(stage);
    const [socket] = (await connected) as [Socket];
    const gone = nextEvent(socket, "disconnect");
    socket.on("still here", () => {
      client.send('42["still here"]');
    });
    client.send('42["still here"]');

    expect((await gone)[0]).toBe("ping timeout");
  });
});

describe("the heartbeat over polling", () => {
  it("pings again and again while the client answers", async () => {
    const stage = await open(PATIENT);
    const session = await PollingSession.open(stage);
    for (let round = 0; round < 3; round++) {
      expect((await session.poll()).body).toBe("2");
      expect((await session.post("3")).body).toBe("ok");
    }

    expect((await session.poll()).body).toBe("2");
  });

  it("closes a session whose client does not answer", async () => {
    const stage = await open(QUICK);
    const closed = sessionClosed(stage);
    const session = await PollingSession.open(stage);

    expect((await session.poll()).body).toBe("2");
    expect(await closed).toBe("ping timeout");
    expect(await session.isGone()).toBe(true);
  });

  it("closes a session that never polls", async () => {
    const stage = await open(QUICK);
    const closed = sessionClosed(stage);
    const session = await PollingSession.open(stage);

    expect(await closed).toBe("ping timeout");
    expect(await session.isGone()).toBe(true);
  });
});

/** Why the next session ends. */
async function sessionClosed(stage: Stage): Promise<unknown> {
  const [connection] = (await nextEvent(stage.io.engine, "connection")) as [Socket["conn"]];
  return (await nextEvent(connection, "close"))[0];
}
