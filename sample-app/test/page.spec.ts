import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { silentLogger } from "rookery";
import type { Application } from "rookery";
import { describeInChromium } from "../../test/support/browser.js";
import { startChat } from "../src/chat-server.js";
import { userOf } from "../src/chat-socket.js";
import { RoomService } from "../src/room.service.js";
import { Line } from "./support/line.js";
import { DESK, PHONE, Visitor } from "./support/visitor.js";

jest.setTimeout(60_000);

describeInChromium("The page in Chromium", (browser) => {
  let chat: Application;
  let line: Line;
  let visitors: Visitor[];

  beforeEach(async () => {
    chat = await startChat(0, silentLogger);
    line = await Line.to(chat.address().port);
    visitors = [];
  });

  afterEach(async () => {
    for (const { page, mishaps } of visitors) {
      await page.context().close();
      expect(mishaps).toEqual([]);
    }
    line.close();
    await chat.close();
  });

  it("says why it refuses a name, and lets in under another", async () => {
    await enter("Ann");
    const other = await visit();

    await other.ask("  ANN ");
    await other.sees("Somebody is already here as Ann.");
    expect(await other.page.getByLabel("Your name").getAttribute("aria-invalid")).toBe("true");
    await other.ask("   ");
    await other.sees("The name is empty.");
    await other.ask("A name that is longer than anybody can read");
    await other.sees("The name is too long: 24 characters at most.");

    await other.enter("Bob");
    expect(await other.page.locator("#member-list bdi").allTextContents()).toEqual(["Ann", "Bob"]);
  });

  it("carries messages to the other page, and ticks them as they arrive", async () => {
    const ann = await enter("Ann");
    await ann.say("Anybody here?");
    await ann.seesTick("Anybody here?", "sent");

    const bob = await enter("Bob");
    await bob.message("Anybody here?").waitFor();
    await bob.say("Me <b>too</b> & \u{1f642}");
    await ann.message("Me <b>too</b> & \u{1f642}").waitFor();
    await bob.seesTick("Me <b>too</b>", "delivered");
  });

  it("shows who is typing until the message is there", async () => {
    const ann = await enter("Ann");
    const bob = await enter("Bob");
    await bob.say("First");
    await bob.seesTick("First", "delivered");

    await bob.page.getByLabel("Message", { exact: true }).fill("Seco");
    await ann.page.locator("#typing", { hasText: "is typing…" }).waitFor();
    await bob.say("Second");
    await ann.message("Second").waitFor();
    expect(await ann.page.locator("#typing").textContent()).toBe("");
  });

  it("counts what has not been read in the other rooms", async () => {
    const ann = await enter("Ann");
    const bob = await enter("Bob");
    await ann.goTo("tea kitchen");
    await bob.say("One");
    await bob.say("Two");
    await ann.page.getByRole("link", { name: "lobby, 2 unread, 2 people" }).waitFor();
    expect(await ann.page.title()).toBe("(2) tea kitchen");

    await ann.goTo("lobby");
    await ann.page.getByRole("link", { name: "lobby, 2 people" }).waitFor();
    expect(await ann.page.title()).toBe("lobby");
  });

  it("leaves a room, and no longer gets its messages", async () => {
    const ann = await enter("Ann");
    const bob = await enter("Bob");
    await ann.page.getByRole("button", { name: "Leave the room" }).click();
    await ann.sees("You are in no room yet.");
    await bob.page.getByRole("link", { name: "lobby, 1 person" }).waitFor();
    await bob.say("Gone already");

    await bob.seesTick("Gone already", "sent");
    expect(await ann.message("Gone already").count()).toBe(0);
  });

  it("opens new rooms, and says why it cannot", async () => {
    const ann = await enter("Ann");
    const bob = await enter("Bob");
    const newRoom = ann.page.getByLabel("Name of the new room");
    await newRoom.fill("  Wine   cellar ");
    await newRoom.press("Enter");
    await ann.page.locator("#room-title").getByText("Wine cellar", { exact: true }).waitFor();
    await bob.page.getByRole("link", { name: "Wine cellar, 1 person" }).waitFor();

    await newRoom.fill("x".repeat(33));
    await newRoom.press("Enter");
    await ann.page.getByRole("alert").getByText("The room name is too long: 32 characters at most.").waitFor();
    expect(await ann.page.locator("#joined-rooms .room-name").allTextContents()).toEqual(["lobby", "Wine cellar"]);
  });

  it("says when the connection is lost, and returns without losing or doubling anything", async () => {
    const ann = await enter("Ann");
    const bob = await enter("Bob", { url: `http://127.0.0.1:${chat.address().port}/` });
    await ann.say("Before");
    await ann.seesTick("Before", "delivered");

    line.cut();
    await ann.banner.waitFor();
    expect(await ann.page.getByRole("status").textContent()).toContain("Connection lost. Reconnecting…");
    await ann.say("Written meanwhile");
    await ann.seesTick("Written meanwhile", "waiting");
    await bob.say("Said meanwhile");

    line.mend();
    await ann.page.getByRole("button", { name: "Try now" }).click();
    await ann.banner.waitFor({ state: "detached" });
    await ann.seesTick("Written meanwhile", "delivered");
    const conversation = ["Before", "Said meanwhile", "Written meanwhile"];
    expect(await ann.page.locator(".message-text").allTextContents()).toEqual(conversation);
    expect(await bob.page.locator(".message-text").allTextContents()).toEqual(conversation);
  });

  it("returns by itself when the server has ended the connection", async () => {
    const ann = await enter("Ann");
    chat.server.of("/chat").disconnectSockets();
    await ann.banner.waitFor();
    await ann.banner.waitFor({ state: "detached" });

    await ann.say("Back again");
    await ann.seesTick("Back again", "sent");
  });

  it("leaves the chat to the tab where its person went on", async () => {
    const ann = await enter("Ann");
    const storage = await ann.page.evaluate<string>("sessionStorage.getItem('rookery-chat')");
    const twin = await visit();
    await twin.page.evaluate(`sessionStorage.setItem("rookery-chat", ${JSON.stringify(storage)})`);
    await twin.page.reload();

    await ann.sees("You went on in another tab.");
    await ann.page.getByRole("button", { name: "Use this one" }).click();
    await twin.sees("You went on in another tab.");
    await ann.banner.waitFor({ state: "detached" });
  });

  it("says why a message was not sent, and sends it again when asked to", async () => {
    const ann = await enter("Ann");
    const rooms = chat.get(RoomService);
    const [user] = Array.from(chat.server.of("/chat").sockets.values(), userOf);
    assert(user !== undefined);

    rooms.leave("lobby", user);
    await ann.say("Am I still here?");
    await ann.seesTick("Am I still here?", "failed");
    await ann.sees("Not sent. You may not do this.");

    rooms.join("lobby", user);
    await ann.page.getByRole("button", { name: "Send again" }).click();
    await ann.seesTick("Am I still here?", "sent");
    expect(await ann.page.getByRole("button", { name: "Send again" }).count()).toBe(0);
  });

  it("waits when it has said too much at once, and then goes on by itself", async () => {
    const ann = await enter("Ann");
    for (let number = 1; number <= 11; number += 1) await ann.say(`Line ${number}!`);
    await ann.seesTick("Line 10!", "sent");
    await ann.seesTick("Line 11!", "sending");

    await ann.seesTick("Line 11!", "sent");
    expect(await ann.page.locator(".message-text").count()).toBe(11);
  });

  it("comes back to the same room after a reload", async () => {
    const ann = await enter("Ann");
    await ann.goTo("help desk");
    await ann.page.reload();

    await ann.page.locator("#room-title", { hasText: "help desk" }).waitFor();
    await ann.page.getByRole("link", { name: "lobby, 1 person" }).waitFor();
  });

  it("fits a phone: nothing is wider than the screen, and everything to touch is large enough", async () => {
    const ann = await enter("Ann", { viewport: PHONE });
    const bob = await enter("Wolfeschlegelsteinhausen");
    await bob.say(`${"Donaudampfschifffahrt".repeat(5)} https://example.com/${"path/".repeat(30)}`);
    await ann.page.locator(".message").waitFor();

    const { page } = ann;
    expect(await misfitsOf(page)).toEqual([]);
    await page.getByRole("button", { name: "2 people" }).click();
    await page.locator("#member-list", { hasText: "Wolfeschlegelsteinhausen" }).waitFor();
    expect(await misfitsOf(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Back to the rooms" }).click();
    await page.getByRole("link", { name: "lobby" }).waitFor();
    expect(await misfitsOf(page)).toEqual([]);
  });

  async function visit({ url = line.url, viewport = DESK } = {}): Promise<Visitor> {
    const visitor = await Visitor.at(url, browser(), viewport);
    visitors.push(visitor);
    return visitor;
  }

  async function enter(name: string, place: { url?: string; viewport?: typeof DESK } = {}): Promise<Visitor> {
    const visitor = await visit(place);
    await visitor.enter(name);
    return visitor;
  }
});

async function misfitsOf(page: Page): Promise<unknown[]> {
  const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
  const targets = await page.locator("a, button, input, textarea").filter({ visible: true }).all();
  const sizes = await Promise.all(
    targets.map(async (target) => ({ target: String(target), ...(await target.boundingBox()) })),
  );
  const tooSmall = sizes.filter(({ width = 0, height = 0 }) => width < 44 || height < 44);
  return overflow === 0 ? tooSmall : [{ overflow }, ...tooSmall];
}
