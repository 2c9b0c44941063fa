import { maskedTextFrame, plainTextFrame, readTextFrame } from "../../bench/load/frames.js";

describe("frames of the load generator", () => {
  it("masks a client's text as the example of RFC 6455 does", () => {
    expect(maskedTextFrame("Hello").toString("hex")).toBe("818537fa213d7f9f4d5158");
  });

  it("leaves a server's text as it is", () => {
    expect(plainTextFrame("Hello").toString("hex")).toBe("810548656c6c6f");
  });

  it("writes the length in two bytes from 126 and in eight from 65,536", () => {
    expect(plainTextFrame("x".repeat(125)).subarray(0, 2).toString("hex")).toBe("817d");
    expect(plainTextFrame("x".repeat(126)).subarray(0, 4).toString("hex")).toBe("817e007e");
    expect(plainTextFrame("x".repeat(65_536)).subarray(0, 10).toString("hex")).toBe("817f0000000000010000");
    expect(maskedTextFrame("x".repeat(256)).subarray(0, 4).toString("hex")).toBe("81fe0100");
  });

  it("reads a text frame and says how many bytes it took", () => {
    const bytes = Buffer.concat([plainTextFrame('40{"sid":"a"}'), Buffer.from([0x81])]);
    expect(readTextFrame(bytes)).toEqual({ text: '40{"sid":"a"}', length: 15 });
    expect(readTextFrame(plainTextFrame("é".repeat(100)))).toEqual({ text: "é".repeat(100), length: 204 });
  });

  it("waits for the rest of a frame that is cut anywhere", () => {
    const frame = plainTextFrame("x".repeat(200));
    for (let length = 0; length < frame.length; length++) {
      expect(readTextFrame(frame.subarray(0, length))).toBeUndefined();
    }
  });
});
