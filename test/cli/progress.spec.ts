import { createOutput } from "../../src/cli/output.js";
import { ManualClock } from "../support/manual-clock.js";

const CLEAR_LINE = "\r\u001b[K";
const clock = new ManualClock();

describe("a progress display", () => {
  it.each([
    ["succeed", "installing …\ninstalling: done after 1.5 s\n"],
    ["fail", "installing …\ninstalling: failed after 1.5 s\n"],
  ] as const)("is two lines without a terminal: %s", async (end, expected) => {
    expect(await show({ isTTY: false, end })).toBe(expected);
  });

  it("turns on one line in a terminal, and ends with it", async () => {
    const shown = await show({ isTTY: true, end: "succeed" });

    const lines = shown.split(CLEAR_LINE).slice(1);
    expect(lines.slice(0, 3)).toEqual(["⠋ installing", "⠙ installing", "⠹ installing"]);
    expect(lines).toHaveLength(20);
    expect(lines.at(-1)).toBe("✔ installing 1.5 s\n");
    expect(clock.pendingTimers).toBe(0);
  });

  it.each(["--quiet", "-q", "--json"])("is not there with %s", async (flag) => {
    expect(await show({ isTTY: true, end: "succeed", flag })).toBe("");
  });

  async function show(options: { isTTY: boolean; end: "succeed" | "fail"; flag?: string }): Promise<string> {
    const { isTTY, end, flag = "" } = options;
    let shown = "";
    const stream = { isTTY, write: (text: string) => (shown += text) };
    const { signal } = new AbortController();
    const surroundings = { cwd: "/", env: {}, stdin: {}, stdout: stream, stderr: stream, clock, signal };
    const progress = (await createOutput(["--no-color", flag], surroundings)).progress("installing");
    clock.advance(1_500);
    progress[end]();
    return shown;
  }
});
