import type { Browser, Locator, Page } from "playwright-core";

export const PHONE = { width: 320, height: 640 };
export const DESK = { width: 1280, height: 800 };

/** Somebody with a browser window of their own, and what they can do and see there. */
export class Visitor {
  readonly page: Page;
  /** What went wrong in the page: exceptions, and what its Content-Security-Policy has stopped. */
  readonly mishaps: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.mishaps.push(error.message));
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) this.mishaps.push(message.text());
    });
  }

  static async at(url: string, browser: Browser, viewport = DESK): Promise<Visitor> {
    const context = await browser.newContext({ viewport, isMobile: viewport === PHONE, hasTouch: viewport === PHONE });
    const visitor = new Visitor(await context.newPage());
    await visitor.page.goto(url);
    return visitor;
  }

  /** Ends in the lobby, on a WebSocket. */
  async enter(name: string): Promise<void> {
    const upgraded = this.#nextUpgrade();
    await this.ask(name);
    await this.page.locator("#room-title", { hasText: "lobby" }).waitFor();
    await upgraded;
  }

  /** Asks to be let in, whatever the answer. */
  async ask(name: string): Promise<void> {
    await this.page.getByLabel("Your name").fill(name);
    await this.page.keyboard.press("Enter");
  }

  async say(text: string): Promise<void> {
    await this.page.getByLabel("Message", { exact: true }).fill(text);
    await this.page.keyboard.press("Enter");
  }

  async goTo(room: string): Promise<void> {
    await this.page.locator("[data-room]", { hasText: room }).getByRole("link").click();
    await this.page.locator("#room-title", { hasText: room }).waitFor();
  }

  message(text: string): Locator {
    return this.page.locator(".message", { has: this.page.getByText(text, { exact: true }) });
  }

  /** Resolves when the message has come to this state. */
  async seesTick(text: string, state: "waiting" | "sending" | "sent" | "delivered" | "failed"): Promise<void> {
    await this.page.locator(`[data-state="${state}"]`, { hasText: text }).waitFor();
  }

  async sees(text: string): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  get banner(): Locator {
    return this.page.locator("#banner > *").first();
  }

  async #nextUpgrade(): Promise<void> {
    const webSocket = await this.page.waitForEvent("websocket");
    await webSocket.waitForEvent("framesent", ({ payload }) => payload === "5");
  }
}
