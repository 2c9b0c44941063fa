import { AdminGateway } from "../examples/tutorial/07-acknowledgements/admin.gateway.js";
import { ask, describeChapter } from "../support/chapter.js";

type Answer = (answer: unknown) => void;

describeChapter("tutorial/07-acknowledgements", [AdminGateway], (chapter) => {
  it("answers with a value or with an error", async () => {
    const ann = await chapter.connect("/admin");

    expect(await ask(ann, "add", 2, 3)).toBe(5);
    expect(await ask(ann, "add", 2, "three")).toMatchObject({ error: { code: "VALIDATION_FAILED" } });
  });

  it.each([
    ["a yes", { isSure: true }, "the mill has been restarted"],
    ["a no", { isSure: false }, { error: { code: "CANCELLED", message: "the mill runs on." } }],
    ["nonsense", { isSure: "perhaps" }, { error: { code: "INTERNAL" } }],
  ])("asks back, and takes %s as an answer", async (_title, given, outcome) => {
    const ann = await chapter.connect("/admin");
    ann.on("sure?", (question: string, answer: Answer) => {
      expect(question).toBe("Restart the mill?");
      answer(given);
    });
    const answer = await ask(ann, "restart", "the mill");

    expect({ answer }).toMatchObject({ answer: outcome });
  });

  it("asks everybody else", async () => {
    const [ann, bob, eve] = await Promise.all(["ann", "bob", "eve"].map(() => chapter.connect("/admin")));
    bob?.on("vote?", (_question: string, answer: Answer) => answer("yes"));
    eve?.on("vote?", (_question: string, answer: Answer) => answer("no"));

    expect(ann && (await ask(ann, "vote", "Lunch at noon?"))).toBe("1 of 2 say yes");
  });
});
