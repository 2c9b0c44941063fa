import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkedLine } from "../../../src/framework/metadata/source-lines.js";

const SOURCE = `import { Namespace, OnEvent } from "rookery";

@Namespace()
export class ChatGateway {
  @OnEvent("send")
  @UseGuards(SignedIn)
  async send(text: string): Promise<void> {
    this.send(text);
  }
}

class Twice {
  @OnEvent("first")
  first(): void {}
}
class Twice {
  @OnEvent("second")
  second(): void {}
}
`;

const folder = mkdtempSync(join(tmpdir(), "rookery-lines-"));
const path = join(folder, "chat.gateway.ts");
writeFileSync(path, SOURCE);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const send = { decorator: "OnEvent", owner: "ChatGateway", member: "send" };

describe("the line of a decorator", () => {
  it("is that of the method or class, whatever line of it or of compiled code the stack names", () => {
    for (const line of [5, 44]) {
      expect(checkedLine(path, line, send)).toBe(7);
      expect(checkedLine(path, line, { ...send, member: "Symbol(x)" })).toBe(4);
      expect(checkedLine(path, line, { decorator: "Namespace", owner: "ChatGateway", member: undefined })).toBe(4);
    }
  });

  it("is found by the stack's line where the file has two classes of the name, if the decorator stands there", () => {
    const second = { decorator: "OnEvent", owner: "Twice", member: "second" };
    expect(checkedLine(path, 17, second)).toBe(18);
    expect(checkedLine(path, 16, second)).toBe(0);
    expect(checkedLine(path, 44, second)).toBe(0);
    expect(checkedLine(path, 44, { ...send, owner: "Other" })).toBe(0);
  });

  it("is what the stack says of files that are no TypeScript or cannot be read", () => {
    expect(checkedLine("/nowhere/chat.gateway.ts", 44, send)).toBe(44);
    expect(checkedLine(path.replace(".ts", ".js"), 44, send)).toBe(44);
    expect(checkedLine(path, 44, undefined)).toBe(44);
  });
});
