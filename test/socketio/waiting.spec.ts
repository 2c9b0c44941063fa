import { PacketType, type Packet } from "../../src/socketio/packet.js";
import { Waiting } from "../../src/socketio/waiting.js";

const packet = (word: string): Packet => ({ type: PacketType.EVENT, nsp: "/", data: [word] });

describe("what waits for a decision", () => {
  it("is kept in order, up to a limit", () => {
    const waiting = new Waiting();

    expect(["a", "b", "c"].map((word) => waiting.hold(packet(word), 2))).toEqual([true, true, false]);
    expect(waiting.incoming).toEqual([packet("a"), packet("b")]);
  });

  it("is nothing at the beginning", () => {
    expect(Object.entries(new Waiting())).toEqual(
      expect.arrayContaining([
        ["incoming", []],
        ["outgoing", []],
      ]),
    );
    expect(new Waiting().departure).toBeUndefined();
  });
});
