import { useInMemory } from "../framework/support/in-memory.js";
import { AnswersGateway } from "./examples/handlers/answers.gateway.js";
import { DocumentsGateway } from "./examples/handlers/documents.gateway.js";

describe("the examples of docs/handlers.md", () => {
  const start = useInMemory();

  it("take arguments from wherever a call has some", async () => {
    const app = await start({ providers: [DocumentsGateway] });
    const ann = await app.connect("/documents/7", { query: { name: "ann" }, headers: { "user-agent": "jest" } });
    const bob = await app.connect("/documents/7", { query: { name: "bob" } });
    expect(await ann.emitWithAck("edit", { line: 0, text: "one word" })).toBe(1);
    expect(await bob.next("edited")).toEqual([{ line: 0, text: "one word" }, "ann"]);
    expect(await ann.emitWithAck("insert", [{ line: 1, text: "another word" }])).toBe("no note");
    expect(await ann.emitWithAck("insert", [], "a note")).toBe("a note");
    expect(await ann.emitWithAck("search", "word")).toEqual([0, 1]);
    expect(await ann.emitWithAck("line:1:remove")).toBe("another word");
    await expect(ann.emitWithAck("line:1:get")).rejects.toMatchObject({ code: "NOT_FOUND", details: { line: 1 } });
    await expect(ann.emitWithAck("line:x:get")).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    expect(await ann.emitWithAck("whoami")).toMatchObject({ user: "ann", agent: "jest" });
    await expect(app.connect("/documents/7")).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  });

  it("answer as the page says", async () => {
    const client = await (await start({ providers: [AnswersGateway] })).connect("/answers");
    const answerTo = (event: string, ...args: unknown[]): Promise<unknown[]> =>
      new Promise((resolve) => client.emit(event, ...args, (...answer: unknown[]) => resolve(answer)));

    expect(await answerTo("value")).toEqual([{ ok: 1 }]);
    expect(await answerTo("done")).toEqual([]);
    expect(await answerTo("callback", "why?")).toEqual(["first", 4]);
    expect(await answerTo("refused")).toEqual([
      { error: { code: "TOO_LATE", message: "The vote has ended.", details: { endedAt: "noon" } } },
    ]);
    expect(await answerTo("broken")).toEqual([
      {
        error: {
          code: "INTERNAL",
          message: "Something went wrong.",
          details: { correlationId: expect.any(String) as string },
        },
      },
    ]);
    expect(await answerTo("envelope")).toEqual([{ ok: true, data: 7 }]);
    expect(await answerTo("node")).toEqual([null, 7]);
  });
});
