import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { MODULE_KINDS, TEMPLATES } from "../../src/cli/new/project-plan.js";
import { packageManagerNames } from "../../src/cli/new/package-manager.js";
import { appears, Desk } from "./support/cli.js";

const repository = join(__dirname, "../..");
const LATER = ["--skip-install", "--skip-git"];

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

afterEach(() => {
  desk.clear();
});

describe("rookery new", () => {
  it("writes a project that is ready to be installed", async () => {
    const { exitCode, stdout, stderr } = await desk.run("new", "my-app", ...LATER);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("✔ my-app is there, from the template minimal.");
    expect(stdout).toContain("  cd my-app\n  npm install\n  npm start\n  npm test\n");
    expect(filesIn("my-app")).toMatchSnapshot();
    expect(readdirSync(desk.folder)).toEqual(["my-app"]);
  });

  it("depends on the checkout that it runs from, with the versions that this was tested with", async () => {
    await desk.run("new", "my-app", ...LATER);
    const { dependencies, devDependencies } = readJson("my-app/package.json");
    const own = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));

    expect(dependencies["rookery"]).toBe(`file:${relative(join(desk.folder, "my-app"), repository)}`);
    expect(dependencies["class-validator"]).toBe(own.dependencies["class-validator"]);
    expect(devDependencies["jest"]).toBe(own.devDependencies.jest);
    expect(Object.values({ ...dependencies, ...devDependencies })).not.toContain("*");
    expect(read("my-app/.npmrc")).toContain("install-links=true");
  });

  const kinds = Object.keys(TEMPLATES).flatMap((template) =>
    Object.keys(MODULE_KINDS).map((kind) => [template, kind] as const),
  );

  it.each(kinds)("writes %s as %s in the style of its own prettier", async (template, kind) => {
    await desk.run("new", "my-app", "--template", template, "--module", kind, "--strict", ...LATER);
    const prettier = join(repository, "node_modules/prettier/bin/prettier.cjs");

    expect(readJson("my-app/package.json").type).toBe(kind === "esm" ? "module" : "commonjs");
    expect(
      execFileSync(process.execPath, [prettier, "--check", "."], { cwd: at("my-app"), encoding: "utf8" }),
    ).toContain("All matched files use Prettier code style!");
  });

  it("writes a CommonJS project without what only ES modules have", async () => {
    await desk.run("new", "my-app", "--template", "chat", "--module", "cjs", ...LATER);
    const sources = filesIn("my-app/src").map((path) => read(join("my-app/src", path)));

    expect(sources.length).toBeGreaterThan(5);
    expect(sources.filter((source) => source.includes("import.meta"))).toEqual([]);
  });

  it("writes strict settings when asked to", async () => {
    await desk.run("new", "plain", ...LATER);
    await desk.run("new", "strict", "--strict", ...LATER);

    expect(readJson("plain/tsconfig.json").compilerOptions).toMatchObject({ strict: true });
    expect(readJson("plain/tsconfig.json").compilerOptions).not.toHaveProperty("noUncheckedIndexedAccess");
    expect(readJson("strict/tsconfig.json").compilerOptions).toMatchObject({ noUncheckedIndexedAccess: true });
    expect(read("plain/eslint.config.mjs")).toContain("recommendedTypeChecked");
    expect(read("strict/eslint.config.mjs")).toContain("strictTypeChecked");
  });

  it.each(packageManagerNames)("speaks the language of %s", async (name) => {
    const { stdout } = await desk.run("new", "my-app", "--package-manager", name, ...LATER);

    expect(stdout).toContain(`\n  ${name} install\n  ${name}`);
    expect(
      [read("my-app/README.md"), read("my-app/Dockerfile"), read("my-app/.ci/run")].join("\n---\n"),
    ).toMatchSnapshot();
    expect(statSync(at("my-app/.ci/run")).mode & 0o111).toBe(0o111);
  });

  it.each([
    ["pnpm", "pnpm-workspace.yaml", "strictDepBuilds: false"],
    ["yarn", ".yarnrc.yml", "nodeLinker: node-modules"],
  ])("tells %s what it would stumble over otherwise", async (name, file, setting) => {
    await desk.run("new", "my-app", "--package-manager", name, ...LATER);

    expect(read(join("my-app", file))).toContain(`${setting}\n`);
  });

  it("takes the package manager that runs it", async () => {
    desk.env = { ...desk.env, npm_config_user_agent: "pnpm/10.1.0 npm/? node/v22.0.0" };
    const { stdout } = await desk.run("new", "my-app", ...LATER);

    expect(stdout).toContain("pnpm install");
  });

  it("puts a scoped name into a folder without the scope", async () => {
    const { exitCode } = await desk.run("new", "@acme/chat-app", ...LATER);

    expect(exitCode).toBe(0);
    expect(readJson("chat-app/package.json").name).toBe("@acme/chat-app");
  });

  it("says nothing with --quiet", async () => {
    expect(await desk.run("new", "my-app", "--quiet", ...LATER)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });

  it("only shows what it would write with --dry-run", async () => {
    const { exitCode, stdout } = await desk.run("new", "my-app", "--dry-run", ...LATER);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^create my-app\/src\/main\.ts \(\d+ bytes\)$/m);
    expect(stdout).toContain("Nothing was written");
    expect(readdirSync(desk.folder)).toEqual([]);
  });
});

describe("the folder of a new project", () => {
  it("may be there when it is empty", async () => {
    mkdirSync(at("my-app"));

    expect(await desk.run("new", "my-app", ...LATER)).toMatchObject({ exitCode: 0 });
    expect(existsSync(at("my-app/package.json"))).toBe(true);
  });

  it.each([[[]], [["--dry-run"]]])("is refused when it is not empty, and left as it is: %s", async (flags) => {
    desk.write("my-app/notes.txt", "mine");
    const { exitCode, stdout, stderr } = await desk.run("new", "my-app", ...LATER, ...flags);

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain(`the folder ${at("my-app")} exists already and is not empty (CLI_FOLDER_NOT_EMPTY)`);
    expect(stderr).toContain("--force");
    expect(readdirSync(at("my-app"))).toEqual(["notes.txt"]);
  });

  it("keeps its other files with --force", async () => {
    desk.write("my-app/notes.txt", "mine");
    desk.write("my-app/package.json", "{}");

    expect(await desk.run("new", "my-app", "--force", ...LATER)).toMatchObject({ exitCode: 0 });
    expect(read("my-app/notes.txt")).toBe("mine");
    expect(readJson("my-app/package.json").name).toBe("my-app");
    expect(readdirSync(desk.folder)).toEqual(["my-app"]);
  });

  it("is not taken from a file of that name", async () => {
    desk.write("my-app", "a file");
    const { exitCode, stderr } = await desk.run("new", "my-app", "--force", ...LATER);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/cannot be written \(CLI_FILE\)\n {2}cause: E/);
    expect(read("my-app")).toBe("a file");
    expect(readdirSync(desk.folder)).toEqual(["my-app"]);
  });
});

describe("the name of a new project", () => {
  it.each([
    "../evil",
    "a b/../c",
    "/etc/app",
    ".",
    "..",
    "@acme/../../evil",
    "@../evil",
    ".hidden",
    "My App",
    "node_modules",
    "http",
    "",
    "a".repeat(215),
  ])("is not %j", async (name) => {
    desk.enter("inner");
    const { exitCode, stdout, stderr } = await desk.run("new", name, ...LATER);

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain(`"${name}" cannot be the name of a project: `);
    expect(stderr).toContain("(CLI_BAD_NAME)");
    expect(readdirSync(desk.folder)).toEqual(["inner"]);
    expect(readdirSync(at("inner"))).toEqual([]);
  });

  it.each([
    ["MyApp", "my-app"],
    ["./my app", "my-app"],
    ["@Acme/Chat", "@acme/chat"],
  ])("is not %s, but may be %s", async (name, near) => {
    expect((await desk.run("new", name, ...LATER)).stderr).toContain(`; ${near} would do (CLI_BAD_NAME)`);
    expect((await desk.run("new", near, "--dry-run", ...LATER)).exitCode).toBe(0);
  });

  it.each([[[]], [["--yes"]]])("is asked for nobody without a terminal: %s", async (flags) => {
    const { exitCode, stdout, stderr } = await desk.run("new", ...flags);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("the name of the project is missing, and without a terminal nobody can be asked");
    expect(stderr).toContain("Say it on the command line: rookery new <name>.");
  });
});

describe("--rookery", () => {
  it.each(["1.2.3", "^1.2.0", "~2.0", "1.0.0-beta.2", "latest"])("takes the version %s", async (version) => {
    expect(await dependencyFor(version)).toBe(version);
  });

  it("takes a tarball, relative to where the command runs", async () => {
    desk.write("packed/rookery-0.1.0.tgz", "");

    expect(await dependencyFor("packed/rookery-0.1.0.tgz")).toBe("file:../packed/rookery-0.1.0.tgz");
    expect(existsSync(at("my-app/.npmrc"))).toBe(false);
  });

  it("takes a folder that is there rather than a tag of that name", async () => {
    desk.write("latest/package.json", { name: "rookery" });

    expect(await dependencyFor("latest")).toBe("file:../latest");
  });

  it("takes a checkout", async () => {
    desk.write("checkout/package.json", { name: "rookery" });

    expect(await dependencyFor("./checkout")).toBe("file:../checkout");
    expect(await dependencyFor(at("checkout"))).toBe("file:../checkout");
    expect(await dependencyFor("file:checkout")).toBe("file:../checkout");
  });

  it.each([
    ["./nowhere", "and nothing is there"],
    ["nowhere.tgz", "and nothing is there"],
    ["./other", "a folder that is no checkout of it"],
    ["./file.txt", "which is no folder and no .tgz file"],
    ["not a version!", "which is neither a path nor a version"],
  ])("refuses %s", async (source, problem) => {
    desk.write("other/package.json", { name: "other" });
    desk.write("file.txt", "");
    const { exitCode, stderr } = await desk.run("new", "my-app", "--rookery", source, ...LATER);

    expect(exitCode).toBe(1);
    expect(stderr).toContain(`--rookery is "${source}", ${problem} (CLI_BAD_ROOKERY)`);
    expect(existsSync(at("my-app"))).toBe(false);
  });

  async function dependencyFor(source: string): Promise<string | undefined> {
    expect(await desk.run("new", "my-app", "--force", "--rookery", source, ...LATER)).toMatchObject({ exitCode: 0 });
    return readJson("my-app/package.json").dependencies["rookery"];
  }
});

describe("what comes after the files", () => {
  it("is a git repository", async () => {
    await desk.run("new", "my-app", "--skip-install");

    expect(read("my-app/.git/HEAD")).toBe("ref: refs/heads/main\n");
  });

  it("is no repository within another one", async () => {
    execFileSync("git", ["init", "--quiet"], { cwd: desk.folder });
    await desk.run("new", "my-app", "--skip-install");

    expect(existsSync(at("my-app/.git"))).toBe(false);
  });

  it("is a warning where git is not installed", async () => {
    desk.install("npm", "");
    desk.env = { ...desk.env, PATH: at(".programs") };
    const { exitCode, stderr } = await desk.run("new", "my-app", "--skip-install");

    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: "warning: git is not installed: the project is no repository.\n",
    });
  });

  it("is an installation", async () => {
    desk.install("npm", 'echo "$@" > installed');
    const { exitCode, stdout } = await desk.run("new", "my-app", "--skip-git");

    expect(exitCode).toBe(0);
    expect(read("my-app/installed")).toBe("install\n");
    expect(stdout).toContain("npm install …\nnpm install: done after 0.0 s\n");
    expect(stdout).toContain("  cd my-app\n  npm start\n");
  });

  it("keeps the project when the installation fails, and says what to do", async () => {
    desk.install("npm", "echo no such package >&2; exit 7");
    const { exitCode, stdout, stderr } = await desk.run("new", "my-app", "--skip-git");

    expect(exitCode).toBe(1);
    expect(stdout).toContain("npm install: failed after 0.0 s\n");
    expect(stderr).toContain("no such package\nerror: the project is there, but npm install failed in ");
    expect(stderr).toContain(`when its reason is gone, run npm install there.`);
    expect(existsSync(at("my-app/package.json"))).toBe(true);
  });

  it("is refused beforehand when the package manager is not there", async () => {
    desk.env = { PATH: at("empty") };
    const { exitCode, stderr } = await desk.run("new", "my-app", "--package-manager", "bun");

    expect(exitCode).toBe(1);
    expect(stderr).toContain("bun is not installed, or not on the PATH (CLI_NO_PROGRAM)");
    expect(stderr).toContain("--skip-install");
    expect(readdirSync(desk.folder)).toEqual([]);
  });

  it("leaves nothing behind when it is interrupted while installing", async () => {
    desk.install("npm", "echo started > ../started; exec sleep 60");
    const finished = desk.run("new", "my-app", "--skip-git");
    await appears(at("started"));
    desk.interrupt("SIGTERM");

    const { exitCode, stderr } = await finished;
    expect(exitCode).toBe(143);
    expect(stderr).toContain("interrupted by SIGTERM (CLI_INTERRUPTED)");
    expect(readdirSync(desk.folder).sort()).toEqual([".programs", "started"]);
  });

  it("leaves nothing behind when it is interrupted before", async () => {
    desk.interrupt();

    expect(await desk.run("new", "my-app", ...LATER)).toMatchObject({ exitCode: 130 });
    expect(readdirSync(desk.folder)).toEqual([]);
  });
});

function at(path: string): string {
  return join(desk.folder, path);
}

function read(path: string): string {
  return readFileSync(at(path), "utf8");
}

function readJson(
  path: string,
): Record<"name" | "type", string> &
  Record<"dependencies" | "devDependencies" | "compilerOptions", Record<string, string>> {
  return JSON.parse(read(path));
}

/** Sorted, with slashes. */
function filesIn(path: string): string[] {
  return readdirSync(at(path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(at(path), join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}
