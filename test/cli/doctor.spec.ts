import { once } from "node:events";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { Desk } from "./support/cli.js";
import { COMPILER_OPTIONS, link, writeProject } from "./support/small-app.js";

interface Found {
  readonly check: string;
  readonly level: string;
  readonly message: string;
  readonly mend?: string;
}

const { version } = jest.requireActual<{ version: string }>("../../package.json");

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
  desk.env = { ...desk.env, PORT: "0" };
});

afterEach(() => {
  desk.clear();
});

/** A project in which nothing is wrong, but for what a test does to it. */
function project(files: Readonly<Record<string, string | object>> = {}): void {
  writeProject(desk, {
    "src/main.ts": "",
    // A jest that compiles nothing: what a real one does is seen below.
    "node_modules/jest/package.json": { version: "30.0.0", main: "jest.js" },
    "node_modules/jest/jest.js": "",
    "node_modules/rookery/package.json": { version },
    ...files,
  });
}

async function examine(): Promise<{ exitCode: number; findings: Found[] }> {
  const { exitCode, stdout } = await desk.run("doctor", "--json");
  return { exitCode, findings: JSON.parse(stdout) as Found[] };
}

async function findingsOf(check: string): Promise<Found[]> {
  return (await examine()).findings.filter((finding) => finding.check === check);
}

describe("rookery doctor", () => {
  it("ends with 1 and shows each mend when there is an error", async () => {
    project({ "tsconfig.json": { compilerOptions: { ...COMPILER_OPTIONS, emitDecoratorMetadata: false } } });
    const { exitCode, stdout } = await desk.run("doctor");

    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      `✖ the build (tsc) writes no metadata of decorators: nothing can be injected (metadata of the build)\n    mend: Set experimentalDecorators and emitDecoratorMetadata in ${desk.folder}/tsconfig.json.\n`,
    );
    expect(stdout).toContain(`✔ rookery ${version} (versions)\n`);
  }, 60_000);

  it("is content with a healthy project", async () => {
    project({ "package.json": { type: "module", jest: { preset: "rookery" } } });
    for (const name of ["jest", "rookery"]) link(desk, name);
    const { exitCode, findings } = await examine();

    expect(findings.filter(({ level }) => level !== "ok")).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining([
        "versions",
        "copies",
        "module system",
        "metadata of the build",
        "metadata of jest",
        "port",
      ]),
    );
    expect(exitCode).toBe(0);
  }, 60_000);

  it("leaves no file behind", async () => {
    project();
    await examine();

    expect(readdirSync(join(desk.folder, "src"))).toEqual(["main.ts"]);
    expect(readdirSync(desk.folder).sort()).toEqual(["node_modules", "package.json", "src", "tsconfig.json"]);
  }, 60_000);

  it.each(["tsc", "swc"])(
    "sees the metadata that %s writes",
    async (builder) => {
      project({ "nest-cli-like.json": { compilerOptions: { builder } } });

      expect(await findingsOf("metadata of the build")).toEqual([
        {
          check: "metadata of the build",
          level: "ok",
          message: `the build (${builder}) writes the metadata of decorators`,
        },
      ]);
    },
    60_000,
  );

  it("sees a jest whose compiler writes none", async () => {
    project({ "package.json": { type: "module", jest: { transform: { "\\.ts$": "@swc/jest" } } } });
    for (const name of ["jest", "@swc/jest"]) link(desk, name);
    desk.write(".swcrc", {
      jsc: { parser: { syntax: "typescript", decorators: true }, transform: { legacyDecorator: true } },
    });
    const [finding] = await findingsOf("metadata of jest");

    expect(finding).toMatchObject({ level: "error", mend: `Set "jest": { "preset": "rookery" } in package.json.` });
    expect(finding?.message).toContain("jest writes no metadata of decorators");
  }, 60_000);

  it("reports a jest that cannot even compile", async () => {
    project();
    const [finding] = await findingsOf("metadata of jest");

    expect(finding).toMatchObject({ level: "error" });
    expect(finding?.message).toContain("jest cannot compile TypeScript: ");
  }, 60_000);

  it.each([
    ["commonjs", "module", "ES modules"],
    ["esnext", "commonjs", "CommonJS"],
  ])(
    "sees %s that is read as %s",
    async (module, type, name) => {
      const compilerOptions = { ...COMPILER_OPTIONS, module, moduleResolution: "bundler" };
      project({ "package.json": { type }, "tsconfig.json": { compilerOptions } });

      expect(await findingsOf("module system")).toMatchObject([
        { level: "error", message: `tsconfig.json compiles to ${module}, and Node reads the files as ${name}` },
        { level: "warning", message: expect.stringContaining("resolves modules as a bundler does") },
      ]);
    },
    60_000,
  );

  it("finds copies of a package, wherever a package manager puts them", async () => {
    project({
      "node_modules/class-transformer/package.json": { version: "0.5.1" },
      "node_modules/@acme/kit/node_modules/class-transformer/package.json": { version: "0.4.0" },
      "node_modules/reflect-metadata/package.json": { version: "0.2.2" },
      "node_modules/.pnpm/reflect-metadata@0.1.14/node_modules/reflect-metadata/package.json": { version: "0.1.14" },
      "linked/package.json": { version },
    });
    mkdirSync(join(desk.folder, "node_modules/kit/node_modules"), { recursive: true });
    symlinkSync(join(desk.folder, "linked"), join(desk.folder, "node_modules/kit/node_modules/rookery"));
    const found = await findingsOf("copies");
    const about = (name: string) => found.find(({ message }) => message.includes(` of ${name}`));

    expect(about("rookery")).toMatchObject({ level: "error", message: expect.stringContaining("2 copies") });
    expect(about("class-transformer")).toMatchObject({ level: "error", message: expect.stringContaining("(0.4.0)") });
    expect(about("reflect-metadata")).toMatchObject({ level: "warning", message: expect.stringContaining("(0.1.14)") });
    expect(about("class-transformer")?.mend).toContain("npm ls class-transformer");
  }, 60_000);

  it("says when the command is not the project's own", async () => {
    project({ "node_modules/rookery/package.json": { version: "0.0.1" } });

    expect(await findingsOf("versions")).toContainEqual({
      check: "versions",
      level: "warning",
      message: `the project has rookery 0.0.1, and this command is of ${version}`,
      mend: "Run the project's own one: npx rookery doctor.",
    });
  }, 60_000);

  it("sees a port that is taken, and one that is none", async () => {
    project();
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    desk.env = { ...desk.env, PORT: String(port) };
    const taken = await findingsOf("port");
    server.close();
    desk.env = { ...desk.env, PORT: "http" };

    expect(taken).toMatchObject([{ level: "warning", message: `something listens on port ${port} already` }]);
    expect(await findingsOf("port")).toMatchObject([{ level: "error", message: `PORT is "http"` }]);
  }, 60_000);

  it.each([
    [
      "a package",
      { "package.json": { dependencies: { "@socket.io/redis-adapter": "8" } } },
      "@socket.io/redis-adapter",
    ],
    ["an option", { "src/app.ts": "Application.create(AppModule, { adapter: createAdapter() });" }, "app.ts"],
  ])(
    "speaks of sticky sessions when %s tells of several servers",
    async (_title, files, sign) => {
      project(files);

      expect(await findingsOf("cluster")).toMatchObject([{ level: "hint", message: expect.stringContaining(sign) }]);
      desk.write("package.json", { dependencies: { "@socket.io/redis-adapter": "8", "@socket.io/sticky": "1" } });
      expect(await findingsOf("cluster")).toEqual([]);
    },
    60_000,
  );

  it("goes on when something cannot be looked at", async () => {
    project({ "tsconfig.json": "{ broken" });
    const { exitCode, findings } = await examine();

    expect(exitCode).toBe(1);
    expect(findings.filter(({ level }) => level === "error").map(({ check }) => check)).toEqual(
      expect.arrayContaining(["module system", "metadata of the build"]),
    );
    expect(findings.at(-1)?.check).toBe("port");
  }, 60_000);
});
