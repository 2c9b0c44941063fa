import type { Socket } from "../support/peer.js";
import { RawWebSocket } from "../support/raw-websocket.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent, nextEvents } from "../support/waiting.js";

const open = useStages();

async function joined(stage: Stage): Promise<{ client: RawWebSocket; socket: Socket }> {
  const connected = nextEvent(stage.io, "connection");
  const client = await RawWebSocket.join(stage);
  const [socket] = (await connected) as [Socket];
  return { client, socket };
}

describe("a WebSocket", () => {
  it("carries one packet in each message", async () => {
    const { client, socket } = await joined(await open());
    socket.emit("say", 1);
    socket.emit("say", "é🐦");

    expect(await client.take(2)).toEqual(['42["say",1]', '42["say","é🐦"]']);
  });

  it("carries binary in binary messages", async () => {
    const { client, socket } = await joined(await open());
    const arrived = nextEvent(socket, "bin");
    client.send('451-["bin",{"_placeholder":true,"num":0}]', Buffer.from([1, 2]));
    expect(await arrived).toEqual([Buffer.from([1, 2])]);

    socket.emit("bin", Buffer.from([3, 4]));
    expect(await client.take(2)).toEqual(['451-["bin",{"_placeholder":true,"num":0}]', Buffer.from([3, 4])]);
  });

  it("brings the client's packets in order", async () => {
    const { client, socket } = await joined(await open());
    const arrived = nextEvents(socket, "say", 100);
    for (let n = 0; n < 100; n++) client.send(`42["say",${n}]`);

    expect(await arrived).toEqual(Array.from({ length: 100 }, (_, n) => [n]));
  });

  it("closed by the client ends the session", async () => {
    const { client, socket } = await joined(await open());
    const gone = nextEvent(socket, "disconnect");
    client.close();

    expect((await gone)[0]).toBe("transport close");
  });

  it.each([
    ["what is no packet", "abc", "parse error"],
    ["an empty message", "", "parse error"],
    ["a ping, which only servers send", "2", "transport error"],
  ])("that brings %s is closed", async (_what, frame, reason) => {
    const { client, socket } = await joined(await open());
    const gone = nextEvent(socket, "disconnect");
    client.send(frame);

    expect((await gone)[0]).toBe(reason);
    expect(await client.closeCode()).toBe(1005);
  });

  it("that brings more than the limit is closed as too big", async () => {
    const { client, socket } = await joined(await open({ maxHttpBufferSize: 1000 }));
    const gone = nextEvent(socket, "disconnect");
    client.send(`42["say","${"a".repeat(1000)}"]`);

    expect(await client.closeCode()).toBe(1009);
    expect((await gone)[0]).toBe("transport error");
  });

  it("is not closed by packets that mean nothing here", async () => {
    const { client, socket } = await joined(await open());
    const arrived = nextEvent(socket, "say");
    client.send("6", "3", '42["say",1]');

    expect(await arrived).toEqual([1]);
  });
});
