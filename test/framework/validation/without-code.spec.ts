import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const repository = join(__dirname, "../../..");

describe("where code may not be made of text", () => {
  it("validates all the same", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--disallow-code-generation-from-strings",
      "--import",
      join(repository, "test/support/typescript.mjs"),
      join(__dirname, "fixtures/without-code.ts"),
    ]);
    expect(JSON.parse(stdout)).toEqual({
      isForbidden: true,
      outcomes: [
        { list: [{ count: 1 }], text: "ab" },
        [
          { path: "text", constraints: { isLength: "text must be shorter than or equal to 3 characters" } },
          { path: "list[0].count", constraints: { isInt: "count must be an integer number" } },
        ],
      ],
    });
  }, 30_000);
});
