import type { Socket } from "../support/peer.js";
import { RawWebSocket } from "../support/raw-websocket.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent } from "../support/waiting.js";

const open = useStages();

async function joined(stage: Stage): Promise<{ client: RawWebSocket; socket: Socket }> {
  const connected = nextEvent(stage.io, "connection");
  const client = await RawWebSocket.join(stage);
  const [socket] = (await connected) as [Socket];
  return { client, socket };
}

describe("EVENT", () => {
  it.each([
    ['42["say"]', []],
    ['42["say",1]', [1]],
    ['42["say",1,"2",{"3":["4",null]},true]', [1, "2", { 3: ["4", null] }, true]],
    ['42["say","é🐦\\u0000\\n"]', ["é🐦\u0000\n"]],
    ['42/,["say",1]', [1]],
  ])("%s brings its arguments", async (frame, args) => {
    const { client, socket } = await joined(await open());
    const arrived = nextEvent(socket, "say");
    client.send(frame);

    expect(await arrived).toEqual(args);
  });

  it("may have a number for its name", async () => {
    const { client, socket } = await joined(await open());
    const arrived = nextEvent(socket, "7");
    client.send('42[7,"arg"]');

    expect(await arrived).toEqual(["arg"]);
  });

  it.each<[frame: string, args: unknown[]]>([
    ['42["say"]', []],
    ['42["say",1,"2",{"3":["4",null]},true]', [1, "2", { 3: ["4", null] }, true]],
    ['42["say",null]', [undefined]],
    ['42["say","\\"é🐦\\u0000"]', ['"é🐦\u0000']],
  ])("is sent as %s", async (frame, args) => {
    const { client, socket } = await joined(await open());
    socket.emit("say", ...args);

    expect(await client.next()).toBe(frame);
  });

  it("is sent to a room as to a socket", async () => {
    const stage = await open();
    const { client, socket } = await joined(stage);
    await socket.join("room");
    stage.io.to("room").emit("say", 1);
    stage.io.emit("say", 2);

    expect(await client.take(2)).toEqual(['42["say",1]', '42["say",2]']);
  });

  it("names any namespace but the main one", async () => {
    const stage = await open();
    const connected = nextEvent(stage.io.of("/admin"), "connection");
    const client = await RawWebSocket.join(stage);
    client.send("40/admin,");
    await client.next();
    const [socket] = (await connected) as [Socket];
    const arrived = nextEvent(socket, "say");
    client.send('42/admin,["say",1]');
    expect(await arrived).toEqual([1]);

    socket.emit("say", 2);
    expect(await client.next()).toBe('42/admin,["say",2]');
    socket.on("q", (answer: (arg: unknown) => void) => {
      answer("ok");
    });
    client.send('42/admin,12["q"]');
    expect(await client.next()).toBe('43/admin,12["ok"]');
  });
});

describe("ACK", () => {
  it.each([
    ['421["q"]', '431["ok"]'],
    ['420["q"]', '430["ok"]'],
    ['42456["q"]', '43456["ok"]'],
    ['429007199254740991["q"]', '439007199254740991["ok"]'],
  ])("answers %s with %s", async (question, answer) => {
    const { client, socket } = await joined(await open());
    socket.on("q", (reply: (arg: unknown) => void) => {
      reply("ok");
    });
    client.send(question);

    expect(await client.next()).toBe(answer);
  });

  it("carries any number of arguments", async () => {
    const { client, socket } = await joined(await open());
    socket.on("none", (reply: () => void) => {
      reply();
    });
    socket.on("three", (reply: (...args: unknown[]) => void) => {
      reply(1, null, { a: ["b"] });
    });
    client.send('421["none"]', '422["three"]');

    expect(await client.take(2)).toEqual(["431[]", '432[1,null,{"a":["b"]}]']);
  });

  it("is asked for by an id and answered once", async () => {
    const { client, socket } = await joined(await open());
    const answers: unknown[][] = [];
    socket.emit("q", 1, (...args: unknown[]) => answers.push(args));
    const question = String(await client.next());
    const id = /^42(\d+)\["q",1\]$/.exec(question)?.[1] ?? "none";
    const fence = nextEvent(socket, "fence");
    client.send(`43${id}["a",2]`, `43${id}["again"]`, '42["fence"]');
    await fence;

    expect(answers).toEqual([["a", 2]]);
  });

  it("for a question that nobody asked is ignored", async () => {
    const { client, socket } = await joined(await open());
    const fence = nextEvent(socket, "fence");
    client.send('43999["a"]', '42["fence",1]');

    expect(await fence).toEqual([1]);
  });

  it("uses an id for each question", async () => {
    const { client, socket } = await joined(await open());
    const answer = (): void => undefined;
    for (const name of ["a", "b", "c"]) socket.emit(name, answer);
    const ids = (await client.take(3)).map((frame) => /^42(\d+)\[/.exec(String(frame))?.[1]);

    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(3);
  });
});

describe("BINARY_EVENT and BINARY_ACK", () => {
  it("bring their attachments into their places", async () => {
    const { client, socket } = await joined(await open());
    const arrived = nextEvent(socket, "bin");
    client.send(
      '452-["bin",{"a":{"_placeholder":true,"num":1}},[{"_placeholder":true,"num":0}],"text"]',
      Buffer.from([1]),
      Buffer.from([2]),
    );

    expect(await arrived).toEqual([{ a: Buffer.from([2]) }, [Buffer.from([1])], "text"]);
  });

  it("are sent with their attachments after them", async () => {
    const { client, socket } = await joined(await open());
    socket.emit("bin", { a: Buffer.from([1]) }, "text", [new Uint8Array([2, 3])]);

    expect(await client.take(3)).toEqual([
      '452-["bin",{"a":{"_placeholder":true,"num":0}},"text",[{"_placeholder":true,"num":1}]]',
      Buffer.from([1]),
      Buffer.from([2, 3]),
    ]);
  });

  it("ask and answer in the namespace", async () => {
    const stage = await open();
    const connected = nextEvent(stage.io.of("/admin"), "connection");
    const client = await RawWebSocket.join(stage);
    client.send("40/admin,");
    await client.next();
    const [socket] = (await connected) as [Socket];
    socket.on("q", (content: Buffer, reply: (arg: unknown) => void) => {
      reply(Buffer.concat([content, content]));
    });
    client.send('451-/admin,7["q",{"_placeholder":true,"num":0}]', Buffer.from([1, 2]));

    expect(await client.take(2)).toEqual(['461-/admin,7[{"_placeholder":true,"num":0}]', Buffer.from([1, 2, 1, 2])]);
  });

  it("answer the server's question", async () => {
    const { client, socket } = await joined(await open());
    const answered = new Promise((resolve) => socket.emit("q", resolve));
    const id = /^42(\d+)\["q"\]$/.exec(String(await client.next()))?.[1] ?? "none";
    client.send(`461-${id}[{"_placeholder":true,"num":0}]`, Buffer.from([9]));

    expect(await answered).toEqual(Buffer.from([9]));
  });

  it("may use one attachment twice", async () => {
    const { client, socket } = await joined(await open());
    const arrived = nextEvent(socket, "bin");
    client.send('451-["bin",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]', Buffer.from([1]));

    expect(await arrived).toEqual([Buffer.from([1]), Buffer.from([1])]);
  });
});
