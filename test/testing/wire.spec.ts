import { setImmediate as nextTurn } from "node:timers/promises";
import type { MessageData } from "rookery/core";
import { Activity } from "../../src/testing/activity.js";
import { Wire, type FrameReceiver } from "../../src/testing/wire.js";

/** Keeps what arrives, the end as "closed". */
class Recorder implements FrameReceiver {
  readonly arrived: MessageData[] = [];

  onFrame(frame: MessageData): void {
    this.arrived.push(frame);
  }

  onClose(): void {
    this.arrived.push("closed");
  }
}

function open(): { wire: Wire; arrived: readonly MessageData[] } {
  const recorder = new Recorder();
  return { wire: new Wire(recorder, new Activity()), arrived: recorder.arrived };
}

describe("Wire", () => {
  it("delivers frames in order, after the call that sent them", async () => {
    const { wire, arrived } = open();
    wire.push("one");
    wire.push("two");
    expect(arrived).toEqual([]);

    await wire.delivered();

    expect(arrived).toEqual(["one", "two"]);
  });

  it("lets promises go on between two frames", async () => {
    const order: string[] = [];
    const wire = new Wire(
      {
        onFrame: (frame) => {
          order.push(`begin ${String(frame)}`);
          void Promise.resolve().then(() => order.push(`end ${String(frame)}`));
        },
        onClose: () => undefined,
      },
      new Activity(),
    );
    wire.push("one");
    wire.push("two");

    await wire.delivered();

    expect(order).toEqual(["begin one", "end one", "begin two", "end two"]);
  });

  it("copies bytes when they are sent", async () => {
    const { wire, arrived } = open();
    const bytes = Buffer.from([1, 2, 3]);
    wire.push(bytes);
    bytes.fill(0);

    await wire.delivered();

    expect(arrived).toEqual([Buffer.from([1, 2, 3])]);
  });

  it("closes after the frames that are on their way, and takes none after that", async () => {
    const { wire, arrived } = open();
    wire.push("one");
    wire.close();
    wire.push("late");
    wire.close();

    await wire.delivered();

    expect(arrived).toEqual(["one", "closed"]);
  });

  it("loses the frames that are on their way when it is cut", async () => {
    const { wire, arrived } = open();
    wire.push("one");
    wire.cut();

    await wire.delivered();

    expect(arrived).toEqual(["closed"]);
  });

  it("can be cut while it is closing", async () => {
    const { wire, arrived } = open();
    wire.push("one");
    wire.close();
    wire.cut();

    await wire.delivered();

    expect(arrived).toEqual(["closed"]);
  });

  it("leaves the event loop its turns when two ends answer each other for ever", async () => {
    const activity = new Activity();
    let answers = 0;
    let isOver = false;
    const answerOn = (to: () => Wire): FrameReceiver => ({
      onFrame: (frame) => {
        answers += 1;
        if (!isOver) to().push(frame);
      },
      onClose: () => undefined,
    });
    const there: Wire = new Wire(answerOn(theOther), activity);
    const back: Wire = new Wire(answerOn(theOne), activity);
    there.push("ping");

    await nextTurn();
    isOver = true;
    await activity.settled();

    expect(answers).toBeGreaterThan(100);

    function theOther(): Wire {
      return back;
    }
    function theOne(): Wire {
      return there;
    }
  });
});
