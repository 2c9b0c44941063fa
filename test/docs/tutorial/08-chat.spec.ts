import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { nextEvent, until } from "../../support/waiting.js";
import { ChatGateway } from "../examples/tutorial/08-chat/chat.gateway.js";
import { HistoryService } from "../examples/tutorial/08-chat/history.service.js";
import { ask, describeChapter, pathOf } from "../support/chapter.js";

const PAGE = "tutorial/08-chat";

describeChapter(PAGE, [ChatGateway, HistoryService], (chapter) => {
  it("carries a conversation", async () => {
    const [ann, bob] = [await chapter.connect("/chat"), await chapter.connect("/chat")];
    expect(await ask(ann, "enter", { name: "Ann", room: "attic" })).toEqual([]);
    expect(await ask(ann, "say", { text: "hi" })).toEqual({ from: "Ann", text: "hi" });
    const entered = nextEvent(ann, "entered");
    expect(await ask(bob, "enter", { name: "Bob", room: "attic" })).toEqual([{ from: "Ann", text: "hi" }]);
    expect(await entered).toEqual(["Bob"]);

    const [typing, said, left] = ["typing", "said", "left"].map((event) => nextEvent(ann, event));
    bob.emit("typing");
    expect(await typing).toEqual(["Bob"]);
    await ask(bob, "say", { text: "hello Ann" });
    expect(await said).toEqual([{ from: "Bob", text: "hello Ann" }]);
    bob.disconnect();
    expect(await left).toEqual(["Bob"]);
  });

  it("refuses those who are nowhere, those who are somewhere already, and those who say too much", async () => {
    const ann = await chapter.connect("/chat");
    expect(await ask(ann, "say", { text: "hi" })).toMatchObject({ error: { code: "FORBIDDEN" } });
    await ask(ann, "enter", { name: "Ann", room: "attic" });
    expect(await ask(ann, "enter", { name: "Eve", room: "attic" })).toMatchObject({ error: { code: "CONFLICT" } });
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(ann, "say", { text: "spam" })));

    expect(answers.at(-1)).toMatchObject({ error: { code: "RATE_LIMITED" } });
  });

  it("talks to the client of the page", async () => {
    const bob = await chapter.connect("/chat");
    await ask(bob, "enter", { name: "Bob", room: "attic" });
    await ask(bob, "say", { text: "anybody here?" });
    const entered = nextEvent(bob, "entered");
    const client = spawn(process.execPath, [pathOf(PAGE, "client.mjs"), chapter.url, "Ann", "attic"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const printed: string[] = [];
    createInterface(client.stdout).on("line", (line) => printed.push(line));
    expect(await entered).toEqual(["Ann"]);

    const said = nextEvent(bob, "said");
    client.stdin.write("I am\n\n");
    expect(await said).toEqual([{ from: "Ann", text: "I am" }]);
    await ask(bob, "say", { text: "good" });
    await until(() => printed.length === 4, "Ann has heard Bob");
    client.stdin.end();
    expect(await once(client, "exit")).toEqual([0, null]);
    expect(printed.toSorted()).toEqual(
      ["You are in the attic.", "Bob: anybody here?", "! The payload is not valid.", "Bob: good"].toSorted(),
    );
  });
});
