import { join } from "node:path";
import { CliError } from "../../../src/cli/errors.js";
import { readWorkspace } from "../../../src/cli/workspace/workspace.js";
import { Desk } from "../support/cli.js";

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

afterEach(() => {
  desk.clear();
});

describe("a workspace", () => {
  it("is found from any folder below", () => {
    const file = desk.write("nest-cli-like.json", { sourceRoot: "source" });
    desk.enter("source/deep/inside");
    const workspace = readWorkspace(join(desk.folder, "source/deep/inside"));

    expect([workspace.root, workspace.file]).toEqual([desk.folder, file]);
    expect(workspace.project(undefined, desk.folder).sourceRoot).toBe("source");
  });

  it("is all defaults without its file, from the nearest package.json on", () => {
    desk.write("package.json", {});
    desk.enter("src");
    const workspace = readWorkspace(join(desk.folder, "src"));

    expect([workspace.root, workspace.file]).toEqual([desk.folder, undefined]);
    expect(workspace.project(undefined, desk.folder)).toEqual({
      name: undefined,
      sourceRoot: "src",
      entryFile: "main",
      gateways: "**/*.gateway.ts",
      collections: [],
      compilerOptions: { tsConfigPath: "tsconfig.json", builder: "tsc", assets: [] },
      generateOptions: { spec: true, flat: false, baseDir: "" },
    });
  });

  it("is refused with the place of the mistake", () => {
    const file = desk.write("nest-cli-like.json", { compilerOptions: { buidler: "swc" } });

    expect(refusalOf(() => readWorkspace(desk.folder))).toMatchObject({
      code: "CLI_BAD_WORKSPACE",
      message: `${file}: compilerOptions.buidler is unknown`,
      mend: "Did you mean builder?",
    });
  });

  it("is refused when it is no JSON, with the parser's reason", () => {
    desk.write("nest-cli-like.json", '{ "sourceRoot": "src", }');
    const refusal = refusalOf(() => readWorkspace(desk.folder));

    expect(refusal).toMatchObject({ code: "CLI_BAD_WORKSPACE", message: expect.stringContaining("is no JSON") });
    expect((refusal.cause as Error).message).toContain("JSON");
  });
});

describe("a project of a monorepo", () => {
  const projects = {
    chat: { sourceRoot: "apps/chat/src" },
    admin: { sourceRoot: "apps/admin/src", entryFile: "serve" },
  };

  it("takes from the top level what it leaves out", () => {
    desk.write("nest-cli-like.json", {
      compilerOptions: { builder: "swc" },
      generateOptions: { spec: false },
      projects: { chat: { sourceRoot: "chat", generateOptions: { flat: true } } },
    });

    expect(readWorkspace(desk.folder).project("chat", desk.folder)).toMatchObject({
      name: "chat",
      sourceRoot: "chat",
      compilerOptions: { builder: "swc", tsConfigPath: "tsconfig.json" },
      generateOptions: { spec: false, flat: true },
    });
  });

  it("is the one in whose folder the command runs", () => {
    desk.write("nest-cli-like.json", { projects });
    const workspace = readWorkspace(desk.folder);

    expect(workspace.project(undefined, join(desk.folder, "apps/admin/src/inner")).name).toBe("admin");
    expect(workspace.project(undefined, join(desk.folder, "apps/chat")).name).toBe("chat");
  });

  it("is the only one there is", () => {
    desk.write("nest-cli-like.json", { projects: { chat: projects.chat } });

    expect(readWorkspace(desk.folder).project(undefined, desk.folder).name).toBe("chat");
  });

  it("has to be chosen among several", () => {
    desk.write("nest-cli-like.json", { projects });

    expect(refusalOf(() => readWorkspace(desk.folder).project(undefined, desk.folder))).toMatchObject({
      code: "CLI_NEEDS_PROJECT",
      message: "nest-cli-like.json has several projects: chat, admin",
    });
  });

  it("has to be there", () => {
    desk.write("nest-cli-like.json", { projects });

    expect(refusalOf(() => readWorkspace(desk.folder).project("admim", desk.folder))).toMatchObject({
      code: "CLI_UNKNOWN_PROJECT",
      mend: "Did you mean admin?",
    });
    expect(refusalOf(() => readWorkspace(desk.folder).project("__proto__", desk.folder))).toMatchObject({
      code: "CLI_UNKNOWN_PROJECT",
    });
  });
});

function refusalOf(action: () => unknown): CliError {
  try {
    action();
  } catch (error) {
    if (CliError.is(error)) return error;
    throw error;
  }
  throw new Error("it was not refused");
}
