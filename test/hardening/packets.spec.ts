import type { Socket } from "../support/peer.js";
import { joinOn } from "../support/joining.js";
import type { Frame } from "../support/raw-websocket.js";
import { FORCED_CLOSE, useSieges, type Siege } from "../support/siege.js";
import { nextEvent } from "../support/waiting.js";

const besiege = useSieges();
const bytes = Buffer.from([1]);

const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;

/** Each of the inputs, sent by an attacker of its own, ends its connection and nothing else. */
async function expectClosed(siege: Siege, ...inputs: (Frame | Frame[])[]): Promise<void> {
  for (const input of inputs) {
    const frames = Array.isArray(input) ? input : [input];
    const label = String(frames[0]).slice(0, 40);
    expect([label, await siege.reactionTo(...frames)]).toEqual([label, FORCED_CLOSE]);
  }
}

/** What a listener of the event gets for these frames. */
async function received(siege: Siege, event: string, ...frames: Frame[]): Promise<unknown[]> {
  const { client, socket } = await siege.attack();
  const heard = nextEvent(socket, event);
  client.send(...frames);
  return heard;
}

/** Sends back what comes with "echo", and answers with it. */
function echo(siege: Siege): void {
  siege.io.on("connection", (socket: Socket) => {
    socket.on("echo", (value: unknown, answer?: (value: unknown) => void) => {
      socket.emit("echo", value);
      answer?.(value);
    });
  });
}

describe("packets", () => {
  it("row 100: types 7–9, letters, space (`4 `)", async () => {
    await expectClosed(await besiege(), "47", "48", "49", '49["x"]', "4a", "4 ", "4", "4\u0000", "4😀");
  });

  it("row 101: `42` no data; `420` (event missing)", async () => {
    await expectClosed(await besiege(), "42", "420", "427", "42/,", "43");
  });

  it('row 102: `42{}`, `42[]`, `42"x"`, `42["x"`, `42null`', async () => {
    await expectClosed(await besiege(), "42{}", "42[]", '42"x"', '42["x"', "42null", "42[x]", "42[,]");
  });

  it('row 103: event name null, bool, object, array, `{"toString":…}`', async () => {
    const names = ["null", "true", "{}", '["x"]', '{"toString":"say"}', "undefined"];
    await expectClosed(await besiege(), ...names.map((name) => `42[${name}]`));
  });

  it("row 104: event name number", async () => {
    expect(await received(await besiege(), "7", '42[7,"seven"]')).toEqual(["seven"]);
  });

  it("row 105: reserved names of A6", async () => {
    const names = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];
    const siege = await besiege();
    await expectClosed(siege, ...names.map((name) => `42["${name}"]`));
    await expectClosed(siege, ...names.map((name) => [`451-["${name}",{"_placeholder":true,"num":0}]`, bytes]));
  });

  it("row 106: `error`, `connection`, `message`, `new_namespace`", async () => {
    const siege = await besiege();
    const heard: unknown[] = [];
    const { client, socket } = await siege.attack();
    siege.io.on("connection", () => heard.push("the server's connection"));
    siege.io.on("new_namespace", () => heard.push("the server's new_namespace"));
    client.send('42["error","unheard"]', '42["new_namespace"]', '42["connection"]');
    for (const name of ["error", "connection", "message"]) {
      socket.on(name as "message", (...args: unknown[]) => heard.push([name, ...args]));
    }
    const fence = nextEvent(socket, "fence");
    client.send('42["error",1]', '42["connection",2]', '42["message",3]', '42["fence"]');
    await fence;

    expect(heard.slice(-3)).toEqual([
      ["error", 1],
      ["connection", 2],
      ["message", 3],
    ]);
    expect(heard).not.toContain("the server's connection");
    expect(heard).not.toContain("the server's new_namespace");
    expect(siege.log.lines).toEqual([]);
  });

  it("row 107: `__proto__`, `constructor`, `hasOwnProperty`, `toString`, `then`, `on`, `emit`, `constructor.prototype` as event", async () => {
    const names = ["__proto__", "constructor", "hasOwnProperty", "toString", "then", "on", "emit", "valueOf"];
    const siege = await besiege();
    for (const name of [...names, "constructor.prototype"]) {
      expect([name, await received(siege, name, `42["${name}",{"a":1}]`)]).toEqual([name, [{ a: 1 }]]);
    }
    const { client, socket } = await siege.attack();
    const fence = nextEvent(socket, "fence");
    client.send(...names.map((name) => `42["${name}","unheard"]`), '42["fence"]');
    await fence;

    expect(siege.log.lines).toEqual([]);
  });

  it("row 108: event name of 900 kB, with control or bidi characters", async () => {
    const siege = await besiege();
    await expectClosed(siege, `42["${"x".repeat(900_000)}"]`, `42["${"x".repeat(257)}"]`);
    const name = "\u001b[31m\n\u202e";

    expect(await received(siege, name, `42[${JSON.stringify(name)},1]`)).toEqual([1]);
    expect(await received(siege, "x".repeat(256), `42["${"x".repeat(256)}",1]`)).toEqual([1]);
  });

  it("row 109: keys `__proto__`/`constructor` in args", async () => {
    const siege = await besiege();
    const json = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    const [plain] = await received(siege, "x", `42["x",${json}]`);
    const [first, second] = await received(siege, "x", `451-["x",${json},{"_placeholder":true,"num":0}]`, bytes);

    for (const value of [plain, first]) {
      expect(Object.keys(value as object)).toEqual(["__proto__", "constructor"]);
      expect(Object.getPrototypeOf(value)).not.toHaveProperty("polluted");
    }
    expect(second).toEqual(bytes);
    expect({}).not.toHaveProperty("polluted");
  });

  it("row 110: JSON nested 200 000 deep, echoed", async () => {
    const siege = await besiege();
    echo(siege);
    await expectClosed(
      siege,
      `42["echo",${nested(200_000)}]`,
      `42["echo",${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}]`,
    );
    const { client } = await siege.attack();
    client.send(`421["echo",${nested(199)}]`);

    expect(await client.take(2)).toEqual([`42["echo",${nested(199)}]`, `431[${nested(199)}]`]);
  });

  it("row 111: same in binary packet, in ack, in auth", async () => {
    const siege = await besiege();
    await expectClosed(
      siege,
      [`451-["x",${nested(200_000)},{"_placeholder":true,"num":0}]`, bytes],
      `430[${nested(200_000)}]`,
      [`461-0[${nested(200_000)},{"_placeholder":true,"num":0}]`, bytes],
    );
    const client = await siege.connect();
    client.send(`40{"a":${nested(10_000)}}`);

    expect(await client.closeCode()).toBe(1005);
  });

  it("row 112: object with 10⁵ keys; 10⁵-element array", async () => {
    const siege = await besiege();
    const object = `{${Array.from({ length: 1e5 }, (_, key) => `"${key.toString(36)}":0`).join()}}`;
    const array = `[${"0,".repeat(99_999)}0]`;
    const started = performance.now();
    expect(Object.keys((await received(siege, "x", `42["x",${object}]`))[0] as object)).toHaveLength(1e5);
    expect((await received(siege, "x", `42["x",${array}]`))[0]).toHaveLength(1e5);
    expect(performance.now() - started).toBeLessThan(2_000);

    const strict = await besiege({ maxPayloadItems: 1_000 });
    await expectClosed(strict, `42["x",${array}]`, `42["x",${object}]`, `42["x",${"[],".repeat(1_000)}0]`);
    const text = ',[{\\"'.repeat(1_000);
    expect(await received(strict, "x", `42["x",${JSON.stringify(text)}]`)).toEqual([text]);
  });

  it("row 113: duplicate keys, `1e999`, `-0`, huge ints, lone surrogate, `__proto__` key", async () => {
    const siege = await besiege();
    echo(siege);
    const { client, socket } = await siege.attack();
    const heard = nextEvent(socket, "echo");
    client.send('421["echo",{"a":1,"a":2,"b":1e999,"c":-0,"d":123456789012345678901,"e":"\\ud800","__proto__":3}]');
    const [value] = await heard;
    const back = '{"a":2,"b":null,"c":0,"d":123456789012345680000,"e":"\\ud800","__proto__":3}';

    expect(value).toMatchObject({ a: 2, b: Infinity, d: 123456789012345680000, e: "\ud800" });
    expect(Object.is((value as { c: number }).c, -0)).toBe(true);
    expect(await client.take(2)).toEqual([`42["echo",${back}]`, `431[${back}]`]);
  });

  it("row 114: ack id: 400 digits, `-5`, `1.5`, `1e3`; leading zeros, 2⁵³+1, space (`42 [`)", async () => {
    const siege = await besiege();
    const ids = ["9".repeat(400), "-5", "1.5", "1e3", "007", "00", "9007199254740993", "9007199254740992", " ", "+1"];
    await expectClosed(siege, ...ids.map((id) => `42${id}["x"]`), ...ids.map((id) => `43${id}["x"]`), "42\n[1]");
    echo(siege);
    const { client } = await siege.attack();
    client.send('42["echo",0]', '429007199254740991["echo",1]', '420["echo",2]');

    expect(await client.take(5)).toEqual([
      '42["echo",0]',
      '42["echo",1]',
      "439007199254740991[1]",
      '42["echo",2]',
      "430[2]",
    ]);
  });
});

describe("acknowledgements", () => {
  it("row 115: same ack id used for many events at once", async () => {
    const siege = await besiege();
    echo(siege);
    const { client, socket } = await siege.attack();
    client.send(...Array.from({ length: 500 }, (_, n) => `427["echo",${String(n)}]`));
    const frames = await client.take(1_000);

    expect(frames.filter((frame) => String(frame).startsWith("437["))).toHaveLength(500);
    expect(socket.acks.size).toBe(0);
  });

  it("row 116: ACK with unknown id; ACK twice; ACK of another socket's id; ACK with id `__proto__`", async () => {
    const siege = await besiege();
    const [one, other] = [await siege.attack(), await siege.attack()];
    const answers: unknown[] = [];
    one.socket.emit("q", (value: unknown) => answers.push(value));
    expect(await one.client.next()).toBe('420["q"]');
    const fences = [nextEvent(one.socket, "fence"), nextEvent(other.socket, "fence")];
    other.client.send('430["not mine"]', '42["fence"]');
    await fences[1];
    one.client.send('4399["unknown"]', '430["first"]', '430["second"]', '42["fence"]');
    await fences[0];

    expect(answers).toEqual(["first"]);
    await expectClosed(siege, '43__proto__["x"]');
  });

  it("row 117: ACK to a broadcast from a non-member", async () => {
    const siege = await besiege();
    const [member, stranger] = [await siege.attack(), await siege.attack()];
    void member.socket.join("room");
    const answers = siege.io.to("room").emitWithAck("q").all();
    const question = String(await member.client.next());
    const id = /^42(\d+)/.exec(question)?.[1] ?? "";
    const fence = nextEvent(stranger.socket, "fence");
    stranger.client.send(`43${id}["mine"]`, '42["fence"]');
    await fence;
    member.client.send(`43${id}["member"]`);

    expect(await answers).toEqual([{ socketId: member.socket.id, ok: true, value: "member", args: ["member"] }]);
  });

  it("row 118: ACK without array `430`; with object `430{}`", async () => {
    const siege = await besiege();
    const { client, socket } = await siege.attack();
    const called: unknown[] = [];
    socket.emit("q", (...args: unknown[]) => called.push(args));
    await client.next();
    client.send("430");

    expect(await client.closeCode()).toBe(1005);
    expect(called).toEqual([]);
    await expectClosed(siege, "430", "430{}", '430"x"', "43[");
  });

  it("row 119: 100 000 server acks never answered", async () => {
    const siege = await besiege({ maxPendingAcks: 1_000 });
    const { client, socket } = await siege.attack();
    const given = socket.emitWithAck("q").all();
    for (let n = 1; n < 100_000; n += 1) socket.volatile.emit("q", n, () => undefined);
    const kept = socket.emitWithAck("last").all();

    expect(socket.acks.size).toBe(1_000);
    expect(await given).toEqual([
      {
        socketId: socket.id,
        ok: false,
        error: expect.objectContaining({
          code: "SOCKET_LIMIT",
          message: "a client exceeds maxPendingAcks, which is 1000",
        }),
      },
    ]);
    expect(siege.log.lines).toEqual(["warn a client does not acknowledge: the oldest of what it owes is given up"]);

    const gone = nextEvent(socket, "disconnect");
    client.close();
    await gone;
    expect(await kept).toMatchObject([{ ok: false, error: { code: "SOCKET_ACK_DISCONNECTED" } }]);
    expect(socket.acks.size).toBe(0);
  });

  it("row 119: 100 000 server acks never answered (default timeout)", async () => {
    const siege = await besiege({ ackTimeout: 5_000 });
    const { client, socket } = await siege.attack();
    const answers = Array.from({ length: 2_000 }, async (_, n) => {
      const [result] = await socket.emitWithAck("q", n).all();
      return result?.ok === false && result.error.message;
    });
    await client.take(2_000);
    siege.clock.advance(5_001);

    expect(new Set(await Promise.all(answers))).toEqual(new Set(["operation has timed out"]));
    expect(socket.acks.size).toBe(0);
  });

  it("row 165: 32-bit counter wrap of ack ids/sequence (2³², 2⁵³)", async () => {
    const siege = await besiege();
    const { client, socket } = await siege.attack();
    for (const [first, ...ids] of [
      [2 ** 32 - 1, "4294967295", "4294967296"],
      [Number.MAX_SAFE_INTEGER, "9007199254740991", "0"],
    ] as const) {
      siege.io.of("/")._ids = first;
      for (const id of ids) {
        const answer = socket.emitWithAck("q").all();
        expect(await client.next()).toBe(`42${id}["q"]`);
        client.send(`43${id}["${id}"]`);
        expect(await answer).toMatchObject([{ ok: true, value: id }]);
      }
    }
  });
});

describe("namespaces of a connection", () => {
  it("row 134: EVENT/ACK before CONNECT, after DISCONNECT, for foreign namespace", async () => {
    const siege = await besiege();
    for (const frame of ['42["say"]', "430[]", "41", '42/bystanders,["say"]']) {
      const client = await siege.connect();
      client.send(frame);
      expect([frame, await client.closeCode()]).toEqual([frame, 1005]);
    }
    await expectClosed(siege, '42/bystanders,["say"]', "43/bystanders,1[]", "41/bystanders,");
    const { client, socket } = await siege.attack();
    const gone = nextEvent(socket, "disconnect");
    client.send("41");
    expect((await gone)[0]).toBe("client namespace disconnect");
    const again = await joinOn(siege.stage, client);
    expect(again.socket.id).not.toBe(socket.id);
    client.send("41", '42["say"]');
    expect(await client.closeCode()).toBe(1005);
  });
});
