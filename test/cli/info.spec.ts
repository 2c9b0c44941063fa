import { packageVersion } from "../../src/cli/package.js";
import { Desk } from "./support/cli.js";

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
  for (const name of ["npm", "pnpm", "yarn", "bun"]) desk.install(name, `echo ${name.length}.0.0`);
  desk.write("nest-cli-like.json", { projects: { chat: { sourceRoot: "chat" }, shop: { sourceRoot: "shop" } } });
  desk.write("node_modules/socket.io-client/package.json", { version: "4.8.4" });
});

afterEach(() => {
  desk.clear();
});

describe("rookery info", () => {
  it("tells the system, the workspace and the packages", async () => {
    const { exitCode, stdout } = await desk.run("info");

    expect(exitCode).toBe(0);
    expect(stdout).toContain(`  node                ${process.versions.node}\n  npm                 3.0.0\n`);
    expect(stdout).toContain(`  folder              ${desk.folder}\n`);
    expect(stdout).toContain("  projects            chat, shop\n");
    expect(stdout).toContain("  socket.io-client    4.8.4\n");
    expect(stdout).toContain("  rookery             not installed\n");
  });

  it("prints the same as JSON", async () => {
    const { stdout } = await desk.run("info", "--json");

    expect(JSON.parse(stdout)).toMatchObject({
      rookery: packageVersion(),
      system: { node: process.versions.node },
      packageManagers: { npm: "3.0.0", pnpm: "4.0.0", yarn: "4.0.0", bun: "3.0.0" },
      workspace: { root: desk.folder, projects: ["chat", "shop"] },
      packages: { rookery: null, "socket.io-client": "4.8.4" },
      warnings: [],
    });
  });

  it("warns when the project has another rookery than the one that runs", async () => {
    desk.write("node_modules/rookery/package.json", { version: "99.0.0" });
    const { exitCode, stderr } = await desk.run("info");

    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^warning: The project has rookery 99\.0\.0, and this command is of /);
  });

  it("refuses a workspace that is not right", async () => {
    desk.write("nest-cli-like.json", { sourceroot: "src" });
    const { exitCode, stdout, stderr } = await desk.run("info", "--json");

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain("sourceroot is unknown (CLI_BAD_WORKSPACE)\n  mend: Did you mean sourceRoot?");
  });
});
