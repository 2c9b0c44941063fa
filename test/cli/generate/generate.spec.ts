import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { GENERATORS } from "../../../src/cli/generators/index.js";
import { Desk } from "../support/cli.js";

const repository = join(__dirname, "../../..");
const APP_MODULE = `import { Module } from "rookery";\n\n@Module({})\nexport class AppModule {}\n`;

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
  desk.write("package.json", { name: "app", type: "module" });
  desk.write("src/app.module.ts", APP_MODULE);
});

afterEach(() => {
  desk.clear();
});

describe.each(GENERATORS.map(({ kind }) => kind))("rookery generate %s", (kind) => {
  it("writes files, and changes nothing when it runs again", async () => {
    const first = await desk.run("generate", kind, "chat-room");
    const files = allFiles();
    const second = await desk.run("generate", kind, "chat-room");

    expect(first).toMatchObject({ exitCode: 0, stderr: "" });
    expect(Object.keys(files)).toMatchSnapshot();
    expect(second).toEqual({ exitCode: 0, stdout: "Nothing to do: everything is there already.\n", stderr: "" });
    expect(allFiles()).toEqual(files);
  });

  it("shows all that it would write, and writes nothing, with --dry-run", async () => {
    const { exitCode, stdout } = await desk.run("g", kind, "chat-room", "--dry-run");

    expect(exitCode).toBe(0);
    expect(stdout).toMatchSnapshot();
    expect(Object.keys(allFiles())).toEqual(["package.json", "src/app.module.ts"]);
  });
});

describe("all generators together", () => {
  it("write what compiles under the strictest settings, in the style of prettier", async () => {
    desk.write(".prettierrc.json", { printWidth: 120, trailingComma: "all" });
    for (const { kind } of GENERATORS) await desk.run("g", kind, `my-${kind}`);
    const prettier = join(repository, "node_modules/prettier/bin/prettier.cjs");
    const checked = execFileSync(process.execPath, [prettier, "--check", "src"], {
      cwd: desk.folder,
      encoding: "utf8",
    });

    const written = Object.keys(allFiles()).filter((path) => path.endsWith(".ts"));
    // The packages that the generated files import.
    symlinkSync(join(repository, "node_modules"), join(desk.folder, "node_modules"));

    expect(problemsOf(written)).toEqual([]);
    expect(checked).toContain("All matched files use Prettier code style!");
    expect(desk.read("src/app.module.ts")).toMatchSnapshot();
  }, 120_000);
});

describe("where files go", () => {
  it.each([
    [["gateway", "chat"], "src/chat/chat.gateway.ts"],
    [["gateway", "shop/OrderLine"], "src/shop/order-line/order-line.gateway.ts"],
    [["gateway", "chat", "--flat"], "src/chat.gateway.ts"],
    [["gateway", "shop/chat", "--flat"], "src/shop/chat.gateway.ts"],
    [["gateway", "chat", "--path", "shop/desk"], "src/shop/desk/chat/chat.gateway.ts"],
    [["dto", "shop/send_message"], "src/shop/dto/send-message.dto.ts"],
    [["ga", "HTTPStatus"], "src/http-status/http-status.gateway.ts"],
  ])("is %j: %s", async (args, path) => {
    await desk.run("g", ...args, "--no-spec");

    expect(Object.keys(allFiles())).toEqual(expect.arrayContaining([path]));
    expect(Object.keys(allFiles()).filter((each) => each.endsWith(".spec.ts"))).toEqual([]);
  });

  it("is what the workspace says, unless the command line says otherwise", async () => {
    desk.write("nest-cli-like.json", { generateOptions: { flat: true, spec: false, baseDir: "features" } });
    await desk.run("g", "gateway", "chat");
    await desk.run("g", "gateway", "desk", "--no-flat", "--spec");

    expect(Object.keys(allFiles())).toEqual([
      "nest-cli-like.json",
      "package.json",
      "src/app.module.ts",
      "src/features/chat.gateway.ts",
      "src/features/desk/desk.gateway.spec.ts",
      "src/features/desk/desk.gateway.ts",
    ]);
  });

  it("is a project of a monorepo", async () => {
    desk.write("nest-cli-like.json", {
      projects: { chat: { sourceRoot: "apps/chat/src" }, shop: { sourceRoot: "apps/shop/src" } },
    });
    desk.write("apps/shop/src/app.module.ts", APP_MODULE);
    const { exitCode } = await desk.run("g", "module", "orders", "--project", "shop");

    expect(exitCode).toBe(0);
    expect(desk.read("apps/shop/src/app.module.ts")).toContain("imports: [OrdersModule]");
  });
});

describe("the module that is told", () => {
  it("is the nearest one, and a module's own module is the one above it", async () => {
    await desk.run("g", "module", "shop");
    await desk.run("g", "module", "shop/orders");
    await desk.run("g", "gateway", "shop/orders");
    await desk.run("g", "guard", "shop/orders/admin");

    expect(desk.read("src/app.module.ts")).toContain("imports: [ShopModule]");
    expect(desk.read("src/shop/shop.module.ts")).toContain("imports: [OrdersModule]");
    expect(desk.read("src/shop/orders/orders.module.ts")).toContain("providers: [OrdersGateway, AdminGuard]");
  });

  it("is the one that --module names", async () => {
    desk.write("src/shared/shared.module.ts", APP_MODULE);
    await desk.run("g", "service", "chat", "--module", "src/shared/shared.module.ts");

    expect(desk.read("src/shared/shared.module.ts")).toContain(
      `import { ChatService } from "../chat/chat.service.js";`,
    );
    expect(desk.read("src/app.module.ts")).toBe(APP_MODULE);
  });

  it("is none with --skip-import", async () => {
    await desk.run("g", "service", "chat", "--skip-import");

    expect(desk.read("src/app.module.ts")).toBe(APP_MODULE);
  });
});

describe("what generated files import", () => {
  it("is added to package.json, in order and in its indentation", async () => {
    desk.write("package.json", `{\n\t"name": "app",\n\t"dependencies": {\n\t\t"rookery": "1"\n\t}\n}\n`);
    const { stdout } = await desk.run("g", "dto", "chat");

    expect(desk.read("package.json")).toMatch(
      /^\{\n\t"name": "app",\n\t"dependencies": \{\n\t\t"class-transformer": "[^"]+",\n\t\t"class-validator": "[^"]+",\n\t\t"rookery": "1"\n\t\}\n\}\n$/,
    );
    expect(stdout).toContain("package.json lists what the new files import: install it.");
  });
});

describe("a patch", () => {
  it("has the paths of the project, wherever the command runs", async () => {
    desk.write("nest-cli-like.json", {});
    desk.enter("src/shop");
    const { stdout } = await desk.run("g", "dto", "order", "--dry-run");

    expect(stdout).toContain("+++ b/src/dto/order.dto.ts\n");
  });
});

describe("a name", () => {
  it.each([
    ["gateway", "ChatGateway"],
    ["gateway", "chat.gateway.ts"],
    ["gateway", "src/chat"],
    ["gateway", "chat", "--flat", "--path", "./src/chat"],
    ["gateway", "chat", "--flat", "--path", "chat"],
  ])("means what was meant: %s %s", async (...args) => {
    await desk.run("g", ...args, "--no-spec");

    expect(desk.read("src/chat/chat.gateway.ts")).toContain("export class ChatGateway {");
    expect(desk.read("src/app.module.ts")).toContain("ChatGateway");
  });

  it("is a kind, when it is nothing else", async () => {
    await desk.run("g", "service", "service", "--no-spec");

    expect(desk.read("src/service/service.service.ts")).toContain("export class ServiceService {");
  });
});

describe("a refusal", () => {
  it.each([
    [["gatway", "chat"], 1, "CLI_UNKNOWN_KIND", "Did you mean gateway?"],
    [["zebra", "chat"], 1, "CLI_UNKNOWN_KIND", "There are: gateway, module, service"],
    [["gateway", "../chat"], 1, "CLI_BAD_CLASS_NAME", `".." is no name of a file and a class`],
    [["gateway", "/etc/chat"], 1, "CLI_BAD_CLASS_NAME", "a part of it is empty"],
    [["gateway", "1st"], 1, "CLI_BAD_CLASS_NAME", "a letter first"],
    [["gateway", "a".repeat(101)], 1, "CLI_BAD_CLASS_NAME", "it has more than 100 characters"],
    [["gateway", "chat", "--path", "../elsewhere"], 1, "CLI_OUTSIDE", "Generated files go below the sources"],
    [["gateway", "chat", "--module", "src/none.ts"], 1, "CLI_NO_MODULE", "Name one that exists by --module"],
    [["gateway", "chat", "--project", "shop"], 1, "CLI_UNKNOWN_PROJECT", "There is none."],
    [[], 2, "CLI_NEEDS_ANSWER", "rookery generate <kind> <name>"],
    [["gateway"], 2, "CLI_NEEDS_ANSWER", "rookery generate gateway <name>"],
  ])("of %j says what to do, and writes nothing", async (args, exitCode, code, mend) => {
    const { stderr, ...outcome } = await desk.run("generate", ...args);

    expect(outcome).toEqual({ exitCode, stdout: "" });
    expect(stderr).toContain(`(${code})`);
    expect(stderr).toContain(mend);
    expect(Object.keys(allFiles())).toEqual(["package.json", "src/app.module.ts"]);
  });

  it("meets a folder that is no project", async () => {
    desk.enter("elsewhere");
    desk.write("elsewhere/package.json", {});
    const { exitCode, stderr } = await desk.run("g", "gateway", "chat");

    expect(exitCode).toBe(1);
    expect(stderr).toContain("(CLI_NO_SOURCES)\n  mend: Run the command in a project, or make one by rookery new.");
  });

  it("meets a project without a module, and one with several", async () => {
    desk.write("nest-cli-like.json", { projects: { a: { sourceRoot: "a" }, b: { sourceRoot: "b" } } });
    desk.write("a/main.ts", "");
    desk.write("b/one.module.ts", APP_MODULE);
    desk.write("b/two.module.ts", APP_MODULE);
    const [none, several] = [await desk.run("g", "s", "x", "-p", "a"), await desk.run("g", "s", "x", "-p", "b")];

    expect(none.stderr).toContain("Make one by rookery generate module; --skip-import registers the class nowhere.");
    expect(several.stderr).toContain("has several modules: one.module.ts, two.module.ts (CLI_NO_MODULE)");
  });

  it("keeps files that differ, all of them, without --force", async () => {
    desk.write("src/chat/chat.gateway.spec.ts", "mine");
    const refused = await desk.run("g", "gateway", "chat");
    const before = allFiles();
    const forced = await desk.run("g", "gateway", "chat", "--force");

    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toContain("there already, and different: src/chat/chat.gateway.spec.ts (CLI_FILE_DIFFERS)");
    expect(before).toMatchObject({ "src/chat/chat.gateway.spec.ts": "mine", "src/app.module.ts": APP_MODULE });
    expect(Object.keys(before)).not.toContain("src/chat/chat.gateway.ts");
    expect(forced.exitCode).toBe(0);
    expect(desk.read("src/chat/chat.gateway.spec.ts")).toContain(`describe("ChatGateway"`);
  });

  it("puts back what was written when a later file cannot be", async () => {
    // A folder where a file has to go: the rename fails, whoever runs the test.
    mkdirSync(join(desk.folder, "src/chat/chat.gateway.spec.ts/full"), { recursive: true });
    const { exitCode, stderr } = await desk.run("g", "gateway", "chat", "--force");

    expect(exitCode).toBe(1);
    expect(stderr).toContain("(CLI_FILE)");
    expect(Object.keys(allFiles())).toEqual(["package.json", "src/app.module.ts"]);
    expect(readdirSync(desk.folder).sort()).toEqual(["package.json", "src"]);
  });

  it("leaves nothing behind when it is interrupted", async () => {
    desk.interrupt();
    const { exitCode } = await desk.run("g", "gateway", "chat");

    expect(exitCode).toBe(130);
    expect(Object.keys(allFiles())).toEqual(["package.json", "src/app.module.ts"]);
    expect(readdirSync(desk.folder).sort()).toEqual(["package.json", "src"]);
  });
});

describe("own generators", () => {
  const REPORT = `export const generators = [{
    kind: "report",
    aliases: ["rp"],
    summary: "a report",
    files: ({ kebab, pascal }) => [{ path: kebab + ".report.ts", content: "export class " + pascal + "Report {}\\n" }],
    registration: ({ kebab, pascal }) => ({ list: "providers", className: pascal + "Report", path: kebab + ".report.ts" }),
  }];`;

  it("come from a folder", async () => {
    desk.write("nest-cli-like.json", { collections: ["./tools"] });
    desk.write("tools/index.js", REPORT);
    const { exitCode } = await desk.run("g", "rp", "year");

    expect(exitCode).toBe(0);
    expect(desk.read("src/year/year.report.ts")).toBe("export class YearReport {}\n");
    expect(desk.read("src/app.module.ts")).toContain("providers: [YearReport]");
  });

  it("come from a package, and stand before those of Rookery", async () => {
    desk.write("nest-cli-like.json", { collections: ["@acme/generators"] });
    desk.write("node_modules/@acme/generators/package.json", { generators: "./lib/all.js" });
    desk.write("node_modules/@acme/generators/lib/all.js", asCommonJs(REPORT.replace(`"report"`, `"gateway"`)));
    await desk.run("g", "gateway", "year");

    expect(desk.read("src/year/year.report.ts")).toBe("export class YearReport {}\n");
  });

  it("are named when a kind is not known", async () => {
    desk.write("nest-cli-like.json", { collections: ["./tools"] });
    desk.write("tools/index.js", REPORT);

    expect((await desk.run("g", "repotr", "year")).stderr).toContain("Did you mean report?");
  });

  it("are written as docs/cli.md says", async () => {
    desk.write("nest-cli-like.json", { collections: ["./tools"] });
    desk.write("tools/index.mjs", readFileSync(join(repository, "test/docs/examples/cli/index.mjs"), "utf8"));
    await desk.run("g", "report", "year");

    expect(desk.read("src/year/year.report.ts")).toBe("export class YearReport {}\n");
    expect(desk.read("src/app.module.ts")).toContain("providers: [YearReport]");
  });

  it("write nothing outside their folder", async () => {
    desk.write("nest-cli-like.json", { collections: ["./tools"] });
    desk.write("tools/index.js", REPORT.replace("path: kebab", `path: "../../../" + kebab`));

    expect((await desk.run("g", "report", "year")).stderr).toContain("(CLI_OUTSIDE)");
  });

  it.each([
    ["./none", {}, "is not there"],
    ["@acme/none", {}, "is not installed"],
    ["./tools", { "tools/readme.md": "" }, "has no index.js and no index.mjs"],
    ["./tools", { "tools/index.js": "export const generator = [];" }, "exports no list called generators"],
    ["./tools", { "tools/index.js": "export const generators = [{}];" }, "exports as generators[0] what has no kind"],
    ["./tools", { "tools/index.js": "throw new Error('broken');" }, "cannot be loaded from"],
  ])("are refused when %s with %j cannot be used", async (collection, files, problem) => {
    desk.write("nest-cli-like.json", { collections: [collection] });
    for (const [path, content] of Object.entries(files)) desk.write(path, content);
    const { exitCode, stderr } = await desk.run("g", "gateway", "chat");

    expect(exitCode).toBe(1);
    expect(stderr).toContain(problem);
    expect(stderr).toContain("(CLI_BAD_COLLECTION)");
  });
});

/** jest compiles no packages. */
function asCommonJs(source: string): string {
  return source.replace("export const generators", "exports.generators");
}

function allFiles(): Record<string, string> {
  const files = readdirSync(desk.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(desk.folder.length + 1))
    .filter((path) => !path.startsWith("node_modules") && !path.startsWith("tools"));
  return Object.fromEntries(files.sort().map((path) => [path, desk.read(path)]));
}

/** What the compiler says of them, each with its line. */
function problemsOf(paths: readonly string[]): string[] {
  const program = ts.createProgram({
    rootNames: paths.map((path) => join(desk.folder, path)),
    options: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      strict: true,
      noUncheckedIndexedAccess: true,
      noImplicitOverride: true,
      noPropertyAccessFromIndexSignature: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      isolatedModules: true,
      verbatimModuleSyntax: true,
      skipLibCheck: true,
      noEmit: true,
      types: ["node", "jest"],
      typeRoots: [join(repository, "node_modules/@types")],
      paths: {
        rookery: [join(repository, "src/index.ts")],
        "rookery/testing": [join(repository, "src/testing/index.ts")],
        "*": [join(repository, "node_modules/*")],
      },
    },
  });
  return paths
    .map((path) => program.getSourceFile(join(desk.folder, path)))
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ file, messageText }) => `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
}
