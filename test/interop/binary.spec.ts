import { randomBytes } from "node:crypto";
import { itWorksBothWays, type End } from "../support/both-ways.js";
import { describeEveryClient } from "../support/clients.js";
import { nextEvent, nextEvents } from "../support/waiting.js";

const bytes = Buffer.from([0, 1, 0x1e, 0x62, 0xff]);
const large = randomBytes(200_000);
const inside = new Uint8Array([9, 9, 1, 2, 3, 9]).buffer;

type Case = [name: string, sent: unknown[], received: unknown[]];

/** Every kind of binary arrives as a Buffer of the same bytes. */
const ARGUMENTS: Case[] = [
  ["a Buffer", [bytes], [bytes]],
  ["an empty Buffer", [Buffer.alloc(0)], [Buffer.alloc(0)]],
  ["an ArrayBuffer", [inside], [Buffer.from([9, 9, 1, 2, 3, 9])]],
  ["binary beside text", [1, "2", { 3: "4", 5: Buffer.from([6]) }], [1, "2", { 3: "4", 5: Buffer.from([6]) }]],
  [
    "binary deep in objects and arrays",
    [{ a: [{ b: bytes }, Buffer.from([1])], c: { d: inside, e: null } }, [[bytes]]],
    [{ a: [{ b: bytes }, Buffer.from([1])], c: { d: Buffer.from(inside), e: null } }, [[bytes]]],
  ],
  ["the same Buffer twice", [bytes, { again: bytes }], [bytes, { again: bytes }]],
  [
    "ten attachments",
    [Array.from({ length: 10 }, (_, n) => Buffer.from([n]))],
    [Array.from({ length: 10 }, (_, n) => Buffer.from([n]))],
  ],
];

/** Clients before version 3 do not see that these are binary. */
const VIEWS: Case[] = [
  ["a Uint8Array", [new Uint8Array([1, 2, 3])], [Buffer.from([1, 2, 3])]],
  ["a Uint16Array", [new Uint16Array([0x0102, 0xfffe])], [Buffer.from([2, 1, 0xfe, 0xff])]],
  ["a Float64Array", [new Float64Array([1])], [Buffer.from([0, 0, 0, 0, 0, 0, 0xf0, 0x3f])]],
  ["a DataView of a part", [new DataView(inside, 2, 3)], [Buffer.from([1, 2, 3])]],
  ["a view of a part", [new Uint8Array(inside, 2, 3)], [Buffer.from([1, 2, 3])]],
  ["views deep in objects and arrays", [[{ a: new Uint8Array([1]) }]], [[{ a: Buffer.from([1]) }]]],
];

describeEveryClient("binary", (rig) => {
  for (const [name, sent, received] of rig.isOld ? ARGUMENTS : [...ARGUMENTS, ...VIEWS]) {
    itWorksBothWays(rig, `brings ${name}`, async (from, to) => {
      const arrived = nextEvent(to, "bin");
      from.emit("bin", ...sent);

      expect(await arrived).toEqual(received);
    });
  }

  itWorksBothWays(rig, "brings 200 kB of random bytes", async (from, to) => {
    const arrived = nextEvent(to, "bin");
    from.emit("bin", large);
    const [received] = (await arrived) as [Buffer];

    // Not toEqual, which takes a second for this.
    expect(received.equals(large)).toBe(true);
  });

  itWorksBothWays(rig, "hands binary over as a Buffer", async (from, to) => {
    const arrived = nextEvent(to, "bin");
    from.emit("bin", inside);

    expect(Buffer.isBuffer((await arrived)[0])).toBe(true);
  });

  itWorksBothWays(rig, "keeps the order of text and binary events", async (from, to) => {
    const arrived = nextEvents(to, "mixed", 60);
    const sent = Array.from({ length: 60 }, (_, n) => [n, n % 3 === 0 ? Buffer.from([n]) : `text ${n}`]);
    for (const args of sent) from.emit("mixed", ...args);

    expect(await arrived).toEqual(sent);
  });

  itWorksBothWays(rig, "leaves what was sent untouched", async (from, to) => {
    const sent = { name: "file", content: Buffer.from("content"), parts: [Buffer.from("a")] };
    const arrived = nextEvent(to, "bin");
    from.emit("bin", sent);
    await arrived;

    expect(sent).toEqual({ name: "file", content: Buffer.from("content"), parts: [Buffer.from("a")] });
  });

  itWorksBothWays(rig, "asks and answers with binary", async (from: End, to: End) => {
    to.on("reverse", (content, answer) => {
      (answer as (...args: unknown[]) => void)(
        { reversed: Buffer.from(content as Buffer).reverse() },
        Buffer.from([7]),
      );
    });
    const answer = await new Promise((resolve) => {
      from.emit("reverse", Buffer.from([1, 2, 3]), (...args: unknown[]) => resolve(args));
    });

    expect(answer).toEqual([{ reversed: Buffer.from([3, 2, 1]) }, Buffer.from([7])]);
  });

  it("broadcasts binary to every client", async () => {
    const stage = await rig.open();
    const pairs = await Promise.all([stage.pair(), stage.pair(), stage.pair()]);
    const arrived = pairs.map(({ client }) => nextEvent(client, "bin"));
    stage.io.emit("bin", { content: bytes });

    expect(await Promise.all(arrived)).toEqual([[{ content: bytes }], [{ content: bytes }], [{ content: bytes }]]);
  });
});
