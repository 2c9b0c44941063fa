import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import { CodedError, isOfFamily, messageOf, type CodedErrorOptions } from "../../src/common/index.js";

const ROW = { message: "option {option} is {value}", mend: "Change {option}." };

class SampleError extends CodedError<"SAMPLE_A" | "SAMPLE_B"> {
  constructor(code: "SAMPLE_A" | "SAMPLE_B", options?: CodedErrorOptions) {
    super("SampleError", ROW, code, options);
  }
}

describe("a coded error", () => {
  it("fills the values into message and mend", () => {
    const { message, mend } = new SampleError("SAMPLE_A", { values: { option: "path", value: 7 } });

    expect({ message, mend }).toEqual({ message: "option path is 7", mend: "Change path." });
  });

  it("leaves a placeholder without a value as it is", () => {
    expect(new SampleError("SAMPLE_A", { values: { option: "path" } }).message).toBe("option path is {value}");
  });

  it("fills in a value once, whatever it looks like", () => {
    expect(new SampleError("SAMPLE_A", { values: { option: "{value}", value: "$& {option}" } }).message).toBe(
      "option {value} is $& {option}",
    );
  });

  it("is an Error with the name of its family", () => {
    const error = new SampleError("SAMPLE_A");

    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe("SampleError");
    expect(error.stack).toContain("errors.spec.ts");
  });

  it("keeps its cause", () => {
    const cause = new TypeError("why");

    expect(new SampleError("SAMPLE_A", { cause }).cause).toBe(cause);
    expect("cause" in new SampleError("SAMPLE_A")).toBe(false);
  });

  it("shows its reader code and mend, and nothing else", () => {
    expect(Object.keys(new SampleError("SAMPLE_A"))).toEqual(["code", "mend"]);
    expect(inspect(new SampleError("SAMPLE_A"))).not.toContain("rookery.errorFamily");
  });
});

describe("isOfFamily", () => {
  const error = new SampleError("SAMPLE_A");

  it("tells family and code", () => {
    expect(isOfFamily(error, "SampleError")).toBe(true);
    expect(isOfFamily(error, "SampleError", "SAMPLE_A")).toBe(true);
    expect(isOfFamily(error, "SampleError", "SAMPLE_B")).toBe(false);
    expect(isOfFamily(error, "OtherError")).toBe(false);
  });

  it.each([[null], [undefined], ["SampleError"], [{}], [new Error("SampleError")], [Object.create(null)]])(
    "says no to %p",
    (value) => {
      expect(isOfFamily(value, "SampleError")).toBe(false);
      expect(CodedError.isCoded(value)).toBe(false);
    },
  );

  it("knows the errors of another copy of the package", () => {
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- a second copy is what this is about
      const other = require("../../src/common/index.js") as { CodedError: typeof CodedError };
      const foreign = new other.CodedError("SampleError", ROW, "SAMPLE_A");

      expect(foreign).not.toBeInstanceOf(CodedError);
      expect(isOfFamily(foreign, "SampleError", "SAMPLE_A")).toBe(true);
      expect(CodedError.isCoded(foreign)).toBe(true);
    });
  });

  it("knows the errors of another realm", () => {
    const foreign: unknown = runInNewContext(
      'Object.assign(new Error(), { code: "SAMPLE_A", [Symbol.for("rookery.errorFamily")]: "SampleError" })',
    );

    expect(foreign).not.toBeInstanceOf(Object);
    expect(isOfFamily(foreign, "SampleError", "SAMPLE_A")).toBe(true);
  });
});

describe("messageOf", () => {
  it.each<[what: string, thrown: unknown, message: string]>([
    ["an error", new TypeError("why"), "why"],
    ["another realm's error", runInNewContext('new TypeError("why")'), "why"],
    ["an object with a message", { message: "why" }, "why"],
    ["an object whose message is no text", { message: 7 }, "[object Object]"],
    ["an object without a prototype", Object.create(null), "[object Object]"],
    ["text", "why", "why"],
    ["nothing", undefined, "undefined"],
    ["null", null, "null"],
    ["a symbol", Symbol("why"), "Symbol(why)"],
  ])("is what %s says", (_what, thrown, message) => {
    expect(messageOf(thrown)).toBe(message);
  });
});
