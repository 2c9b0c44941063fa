import type { Frame } from "../support/raw-websocket.js";
import { FORCED_CLOSE, taken, useSieges, type Siege } from "../support/siege.js";
import { nextEvent } from "../support/waiting.js";

const besiege = useSieges();
const bytes = Buffer.from([1, 2, 3]);
const placeholder = (num: unknown): string => `{"_placeholder":true,"num":${String(num)}}`;

/** The attacker's connection ends with a packet that says why. */
async function expectRefused(siege: Siege, message: string, ...frames: Frame[]): Promise<void> {
  const { client, socket } = await siege.attack();
  const refused = nextEvent(socket, "error");
  client.send(...frames);
  const [error] = await refused;
  const label = String(frames[0]).slice(0, 40);

  expect([label, error]).toEqual([label, expect.objectContaining({ code: "SOCKET_BAD_PACKET", message })]);
  expect(await client.closeCode()).toBe(1005);
}

async function received(siege: Siege, event: string, ...frames: Frame[]): Promise<unknown[]> {
  const { client, socket } = await siege.attack();
  const heard = nextEvent(socket, event);
  client.send(...frames);
  return heard;
}

describe("attachments", () => {
  it("row 120: count 0, −1, 11, 99999999, `1e0`, `0x1`, ` 1`, empty, none", async () => {
    const siege = await besiege();
    for (const count of ["0", "-1", "1e0", "0x1", " 1", "", "01", "1.0", "+1"]) {
      await expectRefused(siege, "Illegal attachments", `45${count}-["x",${placeholder(0)}]`, bytes);
    }
    await expectRefused(siege, "Illegal attachments", `45["x",${placeholder(0)}]`, bytes);
    for (const count of ["11", "99999999", "9".repeat(400)]) {
      await expectRefused(siege, "too many attachments", `45${count}-["x",${placeholder(0)}]`, bytes);
    }
    const ten = Array.from({ length: 10 }, (_, num) => placeholder(num)).join();
    const buffers = Array.from({ length: 10 }, (_, num) => Buffer.from([num]));
    expect(await received(siege, "x", `4510-["x",${ten}]`, ...buffers)).toEqual(buffers);
  });

  it("row 120: count 0, −1, 11, 99999999, `1e0`, `0x1`, ` 1`, empty, none (`maxAttachments`)", async () => {
    const siege = await besiege({ maxAttachments: 12 });
    const twelve = Array.from({ length: 12 }, (_, num) => placeholder(num)).join();
    const buffers = Array.from({ length: 12 }, (_, num) => Buffer.from([num]));

    expect(await received(siege, "x", `4512-["x",${twelve}]`, ...buffers)).toEqual(buffers);
    await expectRefused(siege, "too many attachments", `4513-["x",${twelve}]`);
  });

  it('row 121: placeholder num: missing, `"0"`, −1, 7, `"splice"`; 0.5; repeated; 30 000 times', async () => {
    const siege = await besiege();
    for (const num of ['"0"', -1, 7, '"splice"', 0.5, "null", '"__proto__"']) {
      await expectRefused(siege, "illegal attachments", `451-["x",${placeholder(num)}]`, bytes);
    }
    await expectRefused(siege, "illegal attachments", '451-["x",{"_placeholder":true}]', bytes);
    const many = Array<string>(30_000).fill(placeholder(0)).join();
    const started = performance.now();
    const values = await received(siege, "x", `451-["x",${many}]`, bytes);

    expect(performance.now() - started).toBeLessThan(1_000);
    expect(values).toHaveLength(30_000);
    expect(values.every((value) => bytes.equals(value as Buffer))).toBe(true);
  });

  it("row 122: fewer frames than announced, then silence", async () => {
    const siege = await besiege();
    const { client, socket } = await siege.attack();
    const gone = nextEvent(socket, "disconnect");
    const refused = nextEvent(socket, "error");
    client.send(`452-["x",${placeholder(0)},${placeholder(1)}]`, bytes);
    await taken({ client, socket });
    siege.clock.advance(59_900);
    expect(socket.connected).toBe(true);

    siege.clock.advance(200);
    expect((await gone)[0]).toBe("forced close");
    expect((await refused)[0]).toMatchObject({ message: "the attachments of a packet did not come in time" });
    expect(await client.closeCode()).toBe(1005);
  });

  it("row 122: fewer frames than announced, then silence (`packetCompletionTimeout`, and what is complete has time)", async () => {
    const siege = await besiege({ packetCompletionTimeout: 1_000 });
    const { client, socket } = await siege.attack();
    const heard = nextEvent(socket, "x");
    client.send(`451-["x",${placeholder(0)}]`, bytes);
    expect(await heard).toEqual([bytes]);
    siege.clock.advance(2_000);
    expect(socket.connected).toBe(true);

    client.send(`451-["x",${placeholder(0)}]`);
    await taken({ client, socket });
    siege.clock.advance(1_001);
    expect(await client.closeCode()).toBe(1005);
  });

  it("row 123: text packet in the middle of a binary one", async () => {
    const siege = await besiege();
    for (const text of ['42["say"]', "41", "40", `451-["x",${placeholder(0)}]`]) {
      const header = `451-["x",${placeholder(0)}]`;
      await expectRefused(siege, "got plaintext data when reconstructing a packet", header, text);
    }
  });

  it("row 124: binary frame with no header", async () => {
    const siege = await besiege();
    await expectRefused(siege, "got binary data when not reconstructing a packet", bytes);
    await expectRefused(siege, "got binary data when not reconstructing a packet", Buffer.alloc(0));
    const client = await siege.connect();
    client.send(bytes);

    expect(await client.closeCode()).toBe(1005);
  });

  it("row 125: unused attachment; attachment of 0 bytes; of limit size × max; `_placeholder` object in a text event", async () => {
    const siege = await besiege({ maxHttpBufferSize: 10_000 });
    const ten = Array.from({ length: 10 }, (_, num) => placeholder(num)).join();
    const largest = Array.from({ length: 10 }, (_, num) => Buffer.alloc(10_000, num));

    expect(await received(siege, "x", '451-["x",1]', bytes)).toEqual([1]);
    expect(await received(siege, "x", `451-["x",${placeholder(0)}]`, Buffer.alloc(0))).toEqual([Buffer.alloc(0)]);
    expect(await received(siege, "x", `4510-["x",${ten}]`, ...largest)).toEqual(largest);
    expect(await received(siege, "x", `42["x",${placeholder(0)}]`)).toEqual([{ _placeholder: true, num: 0 }]);

    const strict = await besiege({ maxBinaryBytes: 10_000 });
    const two = `452-["x",${placeholder(0)},${placeholder(1)}]`;
    const halves = [Buffer.alloc(5_000), Buffer.alloc(5_000)];
    expect(await received(strict, "x", two, ...halves)).toEqual(halves);
    await expectRefused(strict, "attachments too large", two, Buffer.alloc(5_000), Buffer.alloc(5_001));
  });

  it("row 126: binary event to unknown namespace with 10 attachments", async () => {
    const siege = await besiege();
    const ten = Array.from({ length: 10 }, (_, num) => placeholder(num)).join();
    const message = "attachments for a namespace never joined";

    await expectRefused(siege, message, `4510-/nowhere,["x",${ten}]`);
    await expectRefused(siege, message, `4510-/bystanders,7["x",${ten}]`);
    const client = await siege.connect();
    client.send(`4510-["x",${ten}]`);
    expect(await client.closeCode()).toBe(1005);
  });

  it("row 127: BINARY_ACK with unknown id and attachments", async () => {
    const siege = await besiege({ maxBinaryBytes: 1_000 });
    const { client, socket } = await siege.attack();
    const heard = nextEvent(socket, "fence");
    client.send(`461-7[${placeholder(0)}]`, bytes, '42["fence"]');
    await heard;

    await expectRefused(
      siege,
      "attachments too large",
      `462-7[${placeholder(0)}]`,
      Buffer.alloc(500),
      Buffer.alloc(501),
    );
    expect(await siege.reactionTo(`460-7[${placeholder(0)}]`)).toEqual(FORCED_CLOSE);
  });
});
