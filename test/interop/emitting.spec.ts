import { itWorksBothWays } from "../support/both-ways.js";
import { describeEveryClient } from "../support/clients.js";
import { Journal } from "../support/journal.js";
import { nextEvent, nextEvents } from "../support/waiting.js";

const hero = { name: "Ada", secret: 42, toJSON: () => ({ hero: "Ada" }) };
const deep = JSON.parse(`${"[".repeat(60)}1${"]".repeat(60)}`) as unknown;
const large = "0123456789".repeat(20_000);

/** What is sent, and what arrives when that differs. */
const ARGUMENTS: [name: string, sent: unknown[], received?: unknown[]][] = [
  ["no argument", []],
  ["one argument", ["world"]],
  ["several arguments", [1, "2", { 3: "4", 5: [6, { seven: 8 }] }, true, null, -1.5, ""]],
  ["an object as it stands", [{ name: "John", 'key with "quotes"': { "": [] } }]],
  [
    "null for what JSON has no word for",
    [undefined, Number.NaN, Infinity, { gone: undefined }],
    [null, null, null, {}],
  ],
  ["dates as text", [new Date(0)], ["1970-01-01T00:00:00.000Z"]],
  ["maps and sets as empty objects", [new Map([["a", 1]]), new Set([1])], [{}, {}]],
  ["what toJSON returns", [hero, [hero]], [{ hero: "Ada" }, [{ hero: "Ada" }]]],
  ["unicode", ['Zoë 日本語 🐦👩‍👩‍👧 \u0000\u001e\u2028 "\\', { ключ: "é" }]],
  ["deep nesting", [deep]],
  ["200 kB of text", [large]],
  ["200 kB of characters that take several bytes", ["é🐦".repeat(33_000)]],
  ["what only looks like a placeholder", [{ _placeholder: true, num: 0 }]],
  ["own keys named as those of every object", [JSON.parse('{"__proto__":{"a":1},"constructor":2}')]],
];

const isAscii = (data: unknown): boolean => /^[ -~]*$/.test(JSON.stringify(data));

describeEveryClient("emitting", (rig) => {
  const canTake = (data: unknown): boolean => rig.takesUnicode || isAscii(data);

  for (const [name, sent, received = sent] of ARGUMENTS.filter(([, sent]) => canTake(sent))) {
    itWorksBothWays(rig, `brings ${name}`, async (from, to) => {
      const arrived = nextEvent(to, "hello");
      from.emit("hello", ...sent);

      expect(await arrived).toEqual(received);
    });
  }

  for (const name of [
    "hello world",
    "ünï-🐦",
    "constructor",
    "hasOwnProperty",
    "message",
    "connection",
    "0",
    "a".repeat(200),
  ].filter(canTake)) {
    itWorksBothWays(rig, `brings an event named ${JSON.stringify(name)}`, async (from, to) => {
      const arrived = nextEvent(to, name);
      from.emit(name, 1);

      expect(await arrived).toEqual([1]);
    });
  }

  itWorksBothWays(rig, "calls every listener in the order they were added", async (from, to) => {
    const calls: unknown[] = [];
    to.on("hello", (arg) => calls.push("first", arg));
    to.on("hello", (arg) => calls.push("second", arg));
    const arrived = nextEvent(to, "hello");
    from.emit("hello", 1);
    await arrived;

    expect(calls).toEqual(["first", 1, "second", 1]);
  });

  itWorksBothWays(rig, "stops calling a listener that was taken off", async (from, to) => {
    const calls: unknown[] = [];
    const listener = (arg: unknown): void => void calls.push(arg);
    to.on("hello", listener);
    const first = nextEvent(to, "hello");
    from.emit("hello", 1);
    await first;
    to.off("hello", listener);
    const second = nextEvent(to, "hello");
    from.emit("hello", 2);
    await second;

    expect(calls).toEqual([1]);
  });

  itWorksBothWays(rig, "ignores an event that nobody listens to and brings the next one", async (from, to) => {
    const arrived = nextEvent(to, "heard");
    from.emit("unheard", 1);
    from.emit("heard", 2);

    expect(await arrived).toEqual([2]);
  });

  itWorksBothWays(rig, "echoes what the other end sends", async (from, to) => {
    to.on("ping pong", (...args) => to.emit("ping pong", ...args, "back"));
    const arrived = nextEvents(from, "ping pong", 3);
    for (const round of [1, 2, 3]) from.emit("ping pong", round);

    expect(await arrived).toEqual([
      [1, "back"],
      [2, "back"],
      [3, "back"],
    ]);
  });

  it("sends message events by send and write", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    const toClient = nextEvents(client, "message", 2);
    socket.send("hello", { from: "server" });
    socket.write("again");
    const toServer = nextEvent(socket, "message");
    client.send("hello", { from: "client" });

    expect(await toClient).toEqual([["hello", { from: "server" }], ["again"]]);
    expect(await toServer).toEqual(["hello", { from: "client" }]);
  });

  it("returns true from emit on the server", async () => {
    const stage = await rig.open();
    const { socket } = await stage.pair();

    expect(socket.emit("hello")).toBe(true);
    expect(stage.io.emit("hello")).toBe(true);
  });

  it("takes a once listener once", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    const calls: unknown[] = [];
    socket.once("hello", (arg) => calls.push(arg));
    const arrived = nextEvents(socket, "hello", 2);
    client.emit("hello", 1);
    client.emit("hello", 2);
    await arrived;

    expect(calls).toEqual([1]);
  });

  it("refuses to emit reserved events and leaves the socket usable", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    const heard = new Journal(client);

    for (const name of ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"]) {
      expect(() => socket.emit(name)).toThrow(`"${name}" is a reserved event name`);
      expect(() => stage.io.emit(name)).toThrow(`"${name}" is a reserved event name`);
      expect(() => socket.to("room").emit(name)).toThrow(`"${name}" is a reserved event name`);
    }
    socket.emit("fence");
    expect(await heard.before("fence")).toEqual([]);
  });

  it("throws for what cannot be encoded and leaves the socket usable", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    const heard = new Journal(client);
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);

    expect(() => socket.emit("hello", 1n)).toThrow();
    expect(() => socket.emit("hello", cyclic)).toThrow();
    socket.emit("fence");
    expect(await heard.before("fence")).toEqual([]);
  });
});
