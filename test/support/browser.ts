import { chromium, type Browser } from "playwright-core";
import { describeWith } from "./programs.js";

// No sandbox, because tests often run as root in a container; no services of the browser that call home.
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A `describe` with one Chromium of the system for all its tests, which `suite` may ask for once they run. */
export function describeInChromium(name: string, suite: (browser: () => Browser) => void): void {
  describeWith("chromium", name, (executablePath) => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: FLAGS });
    }, 30_000);
    afterAll(async () => {
      await browser.close();
    });
    suite(() => browser);
  });
}
