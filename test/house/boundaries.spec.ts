import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import type { IConfiguration } from "dependency-cruiser";
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the configuration is CommonJS without types
const { forbidden = [] } = require("../../.dependency-cruiser.cjs") as IConfiguration;

const repository = join(__dirname, "../..");

/** Files of one small project, by path; what they import of src exists too. */
type Project = Record<string, string>;

const wellBuilt: Project = {
  "src/common/clock.ts": `import "node:timers"; import "./logger.js";`,
  "src/engineio/socket.ts": `import "../common/index.js"; import "./http/attach.js"; import "ws"; import "engine.io-parser";`,
  "src/engineio/http/cors.ts": `import "cors"; import "node:http";`,
  "src/socketio/server.ts": `import "../engineio/index.js"; import "socket.io-parser"; import "socket.io-adapter";`,
  "src/socketio/socket.ts": `import type { Client } from "./client.js";`,
  "src/socketio/client.ts": `import type { Socket } from "./socket.js";`,
  "src/eio3/connect.ts": `import "../common/index.js"; import "../engineio/index.js"; import "../socketio/index.js";`,
  "src/core.ts": `import "./common/index.js"; import "./engineio/index.js"; import "./socketio/index.js"; import "./eio3/index.js";`,
  "src/framework/application.ts": `import "../common/index.js"; import "../core.js"; import "./container/index.js";`,
  "src/framework/container/container.ts": `import "inversify";`,
  "src/framework/metadata/store.ts": `import "reflect-metadata";`,
  "src/framework/validation/validator.ts": `import "class-validator"; import "class-transformer";`,
  "src/index.ts": `import "./core.js"; import "./framework/index.js";`,
  "src/testing/module.ts": `import "../core.js"; import "../framework/index.js";`,
  "src/client/client.ts": `import type { Clock } from "../common/index.js"; import "socket.io-client";`,
  "src/cli/main.ts": `import "node:fs"; import "./workspace.js"; import "commander"; import "@clack/prompts"; import "picocolors";`,
  "src/cli/new/name.ts": `import "validate-npm-package-name"; import "fastest-levenshtein";`,
  "src/cli/templates/minimal/src/main.ts": `import "rookery"; import "debug";`,
};

/** Rule, and projects that break it. Every rule of the configuration has at least one. */
const breaches: [rule: string, project: Project][] = [
  ["layer-common", { "src/common/clock.ts": `import "../engineio/index.js";` }],
  ["layer-engineio", { "src/engineio/socket.ts": `import "../socketio/index.js";` }],
  ["layer-engineio", { "src/engineio/socket.ts": `import "../common/clock.js";` }],
  ["layer-engineio", { "src/engineio/socket.ts": `import type { Server } from "../socketio/index.js";` }],
  ["layer-socketio", { "src/socketio/server.ts": `import "../eio3/index.js";` }],
  ["layer-socketio", { "src/socketio/server.ts": `import "../engineio/socket.js";` }],
  ["layer-eio3", { "src/eio3/codec.ts": `import "../framework/index.js";` }],
  ["layer-framework", { "src/framework/application.ts": `import "../engineio/index.js";` }],
  ["layer-framework", { "src/framework/application.ts": `import "../socketio/server.js";` }],
  ["layer-testing", { "src/testing/client.ts": `import "../engineio/index.js";` }],
  ["layer-testing", { "src/testing/client.ts": `import "../framework/application.js";` }],
  ["layer-client", { "src/client/client.ts": `import "../core.js";` }],
  ["layer-cli", { "src/cli/main.ts": `import "../common/index.js";` }],
  ["root-core", { "src/core.ts": `import "./framework/index.js";` }],
  ["root-core", { "src/core.ts": `import "./engineio/socket.js";` }],
  ["root-index", { "src/index.ts": `import "./socketio/index.js";` }],
  ["owner-of-ws", { "src/socketio/client.ts": `import "ws";` }],
  ["owner-of-ws", { "src/testing/client.ts": `import type { WebSocket } from "ws";` }],
  ["owner-of-engine.io-parser", { "src/socketio/client.ts": `import "engine.io-parser";` }],
  ["owner-of-cookie", { "src/engineio/socket.ts": `import "cookie";` }],
  ["owner-of-cors", { "src/engineio/socket.ts": `import "cors";` }],
  ["owner-of-socket.io-parser", { "src/engineio/socket.ts": `import "socket.io-parser";` }],
  ["owner-of-socket.io-adapter", { "src/framework/application.ts": `import "socket.io-adapter";` }],
  ["owner-of-inversify", { "src/framework/application.ts": `import "inversify";` }],
  ["owner-of-rate-limiter-flexible", { "src/framework/pipeline/compile.ts": `import "rate-limiter-flexible";` }],
  ["owner-of-reflect-metadata", { "src/framework/container/scopes.ts": `import "reflect-metadata";` }],
  ["owner-of-class-validator", { "src/framework/pipeline/compile.ts": `import "class-validator";` }],
  ["owner-of-class-transformer", { "src/framework/pipeline/compile.ts": `import "class-transformer";` }],
  ["owner-of-socket.io-client", { "src/testing/client.ts": `import "socket.io-client";` }],
  ["owner-of-commander", { "src/framework/application.ts": `import "commander";` }],
  ["owner-of-@clack/prompts", { "src/framework/application.ts": `import "@clack/prompts";` }],
  ["owner-of-picocolors", { "src/common/logger.ts": `import "picocolors";` }],
  ["owner-of-fastest-levenshtein", { "src/framework/application.ts": `import "fastest-levenshtein";` }],
  ["owner-of-validate-npm-package-name", { "src/cli/main.ts": `import "validate-npm-package-name";` }],
  ["owner-of-@babel/parser", { "src/cli/main.ts": `import "@babel/parser";` }],
  ["owner-of-diff", { "src/cli/main.ts": `import "diff";` }],
  ["owner-of-get-tsconfig", { "src/cli/main.ts": `import "get-tsconfig";` }],
  ["owner-of-tinyglobby", { "src/cli/main.ts": `import "tinyglobby";` }],
  ["known-place", { "src/common/clock.ts": `import "../helpers/text.js";` }],
  ["known-place", { "src/helpers.ts": `import "node:fs";` }],
  ["client-takes-types", { "src/client/client.ts": `import "../common/index.js";` }],
  ["package-has-owner", { "src/common/clock.ts": `import "debug";` }],
  ["package-is-dependency", { "src/engineio/socket.ts": `import "socket.io";` }],
  ["import-resolves", { "src/common/clock.ts": `import "no-such-package";` }],
  ["src-imports-src", { "src/common/clock.ts": `import "../../test/support/clock.js";` }],
  ["testing-without-network", { "src/testing/client.ts": `import "node:http";` }],
  [
    "no-runtime-cycle",
    { "src/socketio/a.ts": `export * from "./b.js";`, "src/socketio/b.ts": `export * from "./a.js";` },
  ],
  [
    "no-type-cycle",
    {
      "src/engineio/a.ts": `import type { B } from "./b.js";`,
      "src/engineio/b.ts": `import type { A } from "./a.js";`,
    },
  ],
];

let folder: string;
let broken: string[][];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rookery-boundaries-"));
  const projects = [wellBuilt, ...breaches.map(([, project]) => project)];
  const folders = projects.map((project, index) => write(project, join(folder, String(index))));
  broken = JSON.parse(
    execFileSync(process.execPath, [join(__dirname, "cruise.mjs"), ...folders], { encoding: "utf8" }),
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("the boundaries of src", () => {
  it("let every arrow of the design through", () => {
    expect(broken[0]).toEqual([]);
  });

  it.each(breaches.map(([rule, project], index) => ({ rule, index, text: JSON.stringify(project) })))(
    "report $rule for $text",
    ({ rule, index }) => {
      expect(broken[index + 1]).toContain(rule);
    },
  );

  it("have a proven breach for every rule", () => {
    const proven = new Set(breaches.map(([rule]) => rule));

    expect([...proven].sort()).toEqual([...new Set(forbidden.map(({ name }) => name))].sort());
  });
});

function write(project: Project, root: string): string {
  const imported = Object.entries(project).flatMap(([path, text]) =>
    [...text.matchAll(/"(\.[^"]+)\.js"/g)].map(([, target = ""]) => `${posix.join(posix.dirname(path), target)}.ts`),
  );
  const empty = Object.fromEntries(imported.map((path) => [path, "export {};"]));
  for (const [path, text] of Object.entries({ ...empty, ...project })) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  // dependency-cruiser tells dependencies from devDependencies by the nearest manifest.
  symlinkSync(join(repository, "package.json"), join(root, "package.json"));
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  return root;
}
