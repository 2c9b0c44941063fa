import { FrameRun } from "../../../src/engineio/transports/frame-run.js";

const [first, second, third] = ["01", "0203", "04"].map((hex) => Buffer.from(hex, "hex")) as [Buffer, Buffer, Buffer];

describe("a run of frames", () => {
  afterEach(() => {
    FrameRun.forget();
  });

  it("of one frame is that frame, uncopied", () => {
    expect(FrameRun.of(first).bytes).toBe(first);
    expect(FrameRun.of(first).byteLength).toBe(1);
  });

  it("joins its frames in order", () => {
    const run = FrameRun.of(first).append(second).append(third);

    expect(run.bytes.toString("hex")).toBe("01020304");
    expect(run.byteLength).toBe(4);
  });

  it("is shared by all who send the same frames in the same order", () => {
    const runs = [1, 2, 3].map(() => FrameRun.of(first).append(second).append(third));

    expect(new Set(runs.map(({ bytes }) => bytes)).size).toBe(1);
  });

  it("parts where the frames do", () => {
    const common = FrameRun.of(first);
    const [one, other] = [common.append(second), common.append(third)];

    expect(one.bytes.toString("hex")).toBe("010203");
    expect(other.bytes.toString("hex")).toBe("0104");
    expect(common.bytes.toString("hex")).toBe("01");
  });

  it("begins anew when it has been forgotten", () => {
    const before = FrameRun.of(first);
    FrameRun.forget();

    expect(FrameRun.of(first)).not.toBe(before);
  });
});
