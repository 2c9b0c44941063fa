import { PacketLog, type LoggedPacket, type PacketLogLimits } from "../../../src/socketio/recovery/packet-log.js";
import { ManualClock } from "../../support/manual-clock.js";

const ROOMY: PacketLogLimits = { maxLogPackets: 1e6, maxLogBytes: 1e9, maxDisconnectionDuration: 1_000 };

const clock = new ManualClock();

function packet(text: string, rooms: string[] = []): LoggedPacket {
  return { namespace: "/", rooms, except: [], encoded: [text] };
}

function filled(count: number, limits: Partial<PacketLogLimits> = {}): PacketLog {
  const log = new PacketLog({ ...ROOMY, ...limits }, clock);
  for (let number = 1; number <= count; number += 1) log.append(packet(String(number)));
  return log;
}

describe("a packet log", () => {
  it("numbers packets from 1 on, and says the next one's offset before it comes", () => {
    const log = filled(40);
    const offset = log.nextOffset();

    expect(log.append(packet("x"))).toBe(41);
    expect(log.positionOf(offset)).toBe(41);
    expect(log.at(41)).toMatchObject({ position: 41, encoded: ["x"] });
  });

  it.each([
    "",
    "x",
    ".1",
    "abcdefgh",
    "abcdefgh.",
    "abcdefgh.1 ",
    "abcdefgh.-1",
    "abcdefgh.1.1",
    "abcdefgh.".padEnd(30, "z"),
  ])("finds no position in %j", (offset) => {
    expect(filled(1).positionOf(offset)).toBeUndefined();
  });

  it("takes another log's offset for one from before its first packet", () => {
    expect(filled(1).positionOf(filled(1).nextOffset())).toBe(0);
  });

  it("reaches back as far as nothing is missing, and not ahead", () => {
    const log = filled(10, { maxLogPackets: 4 });

    expect([5, 6, 10, 11].map((position) => log.reaches(position))).toEqual([false, true, true, false]);
  });

  it("keeps the right packets while many come and go", () => {
    const log = filled(10_000, { maxLogPackets: 100 });

    expect(log.size).toBe(100);
    expect([9_901, 10_000].map((position) => log.at(position)?.encoded)).toEqual([["9901"], ["10000"]]);
    expect(log.at(9_900)).toBeUndefined();
  });

  it("counts bytes of text, buffers and rooms, and of the entry itself", () => {
    const log = filled(0);
    log.append({ namespace: "/", rooms: ["ab"], except: ["c"], encoded: ["é", Buffer.from("xyz")] });

    expect(log.bytes).toBe(200 + 2 + 1 + 2 + 3);
  });

  it("forgets what is too old when it is asked", () => {
    const log = filled(1);
    clock.advance(600);
    log.append(packet("2"));
    clock.advance(600);

    expect([0, 1].map((position) => log.reaches(position))).toEqual([false, true]);
    expect(log.size).toBe(1);
  });

  it("goes on with its numbers when it is cleared", () => {
    const log = filled(3);
    log.clear();

    expect([log.size, log.bytes, log.reaches(2), log.reaches(3)]).toEqual([0, 0, false, true]);
    expect(log.append(packet("4"))).toBe(4);
  });
});
