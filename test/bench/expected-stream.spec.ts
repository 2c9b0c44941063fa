import { ExpectedStream, FrameCycle } from "../../bench/load/expected-stream.js";

const bytesOf = (text: string): [Buffer, number] => [Buffer.from(text), text.length];

describe("ExpectedStream", () => {
  it("counts the frames that each chunk completes, wherever it is cut", () => {
    const stream = new ExpectedStream(new FrameCycle([Buffer.from("one"), Buffer.from("two")]));
    expect(stream.accept(...bytesOf("on"))).toBe(0);
    expect(stream.accept(...bytesOf("etwoo"))).toBe(2);
    expect(stream.accept(...bytesOf("netwo"))).toBe(2);
  });

  it("goes on across many cycles in one chunk", () => {
    const stream = new ExpectedStream(new FrameCycle([Buffer.from("one"), Buffer.from("two")]));
    expect(stream.accept(...bytesOf("onetwo".repeat(5000) + "o"))).toBe(10_000);
    expect(stream.accept(...bytesOf("ne"))).toBe(1);
  });

  it("looks at the received part of the buffer only", () => {
    const stream = new ExpectedStream(new FrameCycle([Buffer.from("one")]));
    expect(stream.accept(Buffer.from("one, and what an earlier read left"), 3)).toBe(1);
  });

  it("refuses a reply that differs, with both texts", () => {
    const stream = new ExpectedStream(new FrameCycle([Buffer.from("one"), Buffer.from("two")]));
    expect(() => stream.accept(...bytesOf("onetwq"))).toThrow('expected "onetwo"\n  received "onetwq"');
  });

  it("refuses replies out of order", () => {
    const stream = new ExpectedStream(new FrameCycle([Buffer.from("one"), Buffer.from("two")]));
    expect(() => stream.accept(...bytesOf("two"))).toThrow("Wrong reply.");
  });

  it("refuses a cycle whose frames could not be counted by bytes", () => {
    expect(() => new FrameCycle([Buffer.from("one"), Buffer.from("four")])).toThrow("equally long");
    expect(() => new FrameCycle([])).toThrow("equally long");
  });
});
