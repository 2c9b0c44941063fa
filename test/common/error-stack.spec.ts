import { inspect } from "node:util";
import { CodedError, showMend } from "../../src/common/index.js";

class SampleError extends CodedError {
  constructor() {
    super("SampleError", { message: "a line\nand another", mend: "Do better." }, "SAMPLE");
    showMend(this);
  }
}

const OWN = "    at assemble (/app/node_modules/rookery/dist/framework/index.js:1:2)";
const OWN_SOURCE = "    at async Function.create (file:///app/node_modules/rookery/src/framework/application.ts:3:4)";
const OWN_ON_WINDOWS = "    at link (C:\\app\\node_modules\\rookery\\dist\\framework\\index.js:1:2)";
const NATIVE = ["    at Array.map (<anonymous>)", "    at async Promise.all (index 0)"];
const READERS = "    at async start (/app/src/main.ts:5:15)";
const PLUGINS = "    at plug (/app/node_modules/rookery-plugin/index.js:1:1)";

const { prepareStackTrace, stackTraceLimit } = Error;

afterEach(() => Object.assign(Error, { prepareStackTrace, stackTraceLimit }));

/** An error whose stack is formatted to this. */
function withStack(stack: unknown): SampleError {
  Error.prepareStackTrace = () => stack;
  return new SampleError();
}

function shown(...frames: string[]): SampleError {
  return withStack(["Error: a line", "and another", ...frames].join("\n"));
}

describe("a shown mend", () => {
  it("stands below the message, and the reader's frames below that", () => {
    expect(shown(OWN, ...NATIVE, OWN_SOURCE, OWN_ON_WINDOWS, READERS, PLUGINS).stack).toBe(
      ["SampleError: a line", "and another", "  Do better.", READERS, PLUGINS].join("\n"),
    );
  });

  it("is printed once", () => {
    const printed = inspect(shown(OWN, READERS));

    expect(printed.split("Do better.")).toHaveLength(2);
    expect(printed).toContain("code: 'SAMPLE'");
  });

  it("leaves the error what it is: text to match on, and a stack that may be written", () => {
    const error = shown();
    expect(error.message).toBe("a line\nand another");
    expect(error.mend).toBe("Do better.");
    error.stack = "";

    expect(error.stack).toBe("");
    expect(Object.keys(error)).toEqual(["code"]);
  });

  it.each([[[]], ["no trace of it"], [undefined]])("does without a stack that is %j", (stack) => {
    const error = withStack(stack);

    expect(error.stack).toBe(stack);
    expect(Object.keys(error)).toEqual(["code", "mend"]);
  });

  it("reaches the reader's frames below many of ours, and has as many as are asked for", () => {
    const nested = (depth: number): SampleError => (depth === 0 ? new SampleError() : nested(depth - 1));
    Error.prepareStackTrace = (error, sites) => [error, ...sites.map((_, at) => (at < 20 ? OWN : READERS))].join("\n");
    Error.stackTraceLimit = 4;

    expect(nested(40).stack?.split("\n").slice(3)).toEqual(Array(4).fill(READERS));
    expect(Error.stackTraceLimit).toBe(4);
  });

  it("needs no frame", () => {
    Error.stackTraceLimit = 0;

    expect(new SampleError().stack).toBe("SampleError: a line\nand another\n  Do better.");
  });
});
