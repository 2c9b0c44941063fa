import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describeChapter, pathOf, runClient } from "../support/chapter.js";
import { outputOf, repository } from "../support/pages.js";

const PAGE = "tutorial/01-prerequisites";

/** The page's own main.ts, in a process of its own. */
async function startMain(): Promise<{ readonly server: ChildProcess; readonly url: string }> {
  const loader = join(repository, "test/support/typescript.mjs");
  const server = spawn(process.execPath, ["--import", loader, pathOf(PAGE, "main.ts")], {
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface(server.stdout), "line")) as [string];
  return { server, url: line.replace("listening on port ", "http://127.0.0.1:") };
}

describe(`docs/${PAGE}.md`, () => {
  let server: ChildProcess;
  let url: string;

  beforeAll(async () => {
    ({ server, url } = await startMain());
  }, 30_000);

  afterAll(() => server.kill("SIGKILL"));

  it("starts a server that is ready, and whose client says what the page says", async () => {
    expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({ status: "ready" });
    expect(await runClient(PAGE, url)).toBe(outputOf(`docs/${PAGE}.md`, "client.mjs"));
  });

  it("goes down when it is told to", async () => {
    server.kill("SIGTERM");

    expect(await once(server, "exit")).toEqual([null, "SIGTERM"]);
  });
});

describeChapter("an application without gateways", [], (chapter) => {
  it("lets clients in", async () => {
    expect((await chapter.connect()).connected).toBe(true);
  });
});
