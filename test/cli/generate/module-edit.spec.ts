import { addToModule } from "../../../src/cli/generate/module-edit.js";

const chat = { list: "providers", className: "ChatGateway", specifier: "./chat.gateway.js", printWidth: 80 } as const;

function add(source: string, entry: Partial<Parameters<typeof addToModule>[2]> = {}): string {
  return addToModule(source, "app.module.ts", { ...chat, ...entry });
}

describe("a class added to a module", () => {
  it.each([
    ["a call without arguments", "@Module()", "@Module({ providers: [ChatGateway] })"],
    ["an empty object", "@Module({})", "@Module({ providers: [ChatGateway] })"],
    ["an empty list", "@Module({ providers: [] })", "@Module({ providers: [ChatGateway] })"],
    ["a list", "@Module({ providers: [A, B] })", "@Module({ providers: [A, B, ChatGateway] })"],
    ["a quoted name", `@Module({ "providers": [A] })`, `@Module({ "providers": [A, ChatGateway] })`],
    ["other lists", "@Module({ imports: [A] })", "@Module({ imports: [A], providers: [ChatGateway] })"],
    ["a trailing comma", "@Module({ providers: [A,] })", "@Module({ providers: [A, ChatGateway,] })"],
    [
      "a spread",
      "@Module({ ...shared, providers: [...all, A] })",
      "@Module({ ...shared, providers: [...all, A, ChatGateway] })",
    ],
    [
      "lines",
      "@Module({\n  providers: [\n    A,\n    B,\n  ],\n})",
      "@Module({\n  providers: [\n    A,\n    B,\n    ChatGateway,\n  ],\n})",
    ],
    [
      "lines without a last comma",
      "@Module({\n\tproviders: [\n\t\tA,\n\t\tB\n\t]\n})",
      "@Module({\n\tproviders: [\n\t\tA,\n\t\tB,\n\t\tChatGateway\n\t]\n})",
    ],
    [
      "comments, commas among them",
      "@Module({\n  providers: [\n    A, // first, always\n    B /* last, too */ // really, last\n    // nothing here\n  ],\n})",
      "@Module({\n  providers: [\n    A, // first, always\n    B, /* last, too */ // really, last\n    ChatGateway\n    // nothing here\n  ],\n})",
    ],
    [
      "a list of comments",
      "@Module({\n  providers: [\n    // later\n  ],\n})",
      "@Module({\n  providers: [\n    // later\n    ChatGateway,\n  ],\n})",
    ],
    [
      "lines without the list",
      "@Module({\n  imports: [A], // others\n})",
      "@Module({\n  imports: [A], // others\n  providers: [ChatGateway],\n})",
    ],
  ])("goes into %s", (_title, before, after) => {
    const rest = "\nexport class AppModule {} // the root\n";

    expect(add(`import { Module } from "rookery";\n${before}${rest}`)).toBe(
      `import { Module } from "rookery";\nimport { ChatGateway } from "./chat.gateway.js";\n${after}${rest}`,
    );
  });

  it("goes before other lists when it is imported by the module", () => {
    const entry = { list: "imports", className: "ChatModule", specifier: "./chat.module.js" } as const;
    const head = `import { Module } from "rookery";\n`;

    expect(add(`${head}@Module({ providers: [A] })\nclass M {}`, entry)).toContain(
      "@Module({ imports: [ChatModule], providers: [A] })",
    );
    expect(add(`${head}@Module({\n  providers: [A],\n})\nclass M {}`, entry)).toContain(
      "@Module({\n  imports: [ChatModule],\n  providers: [A],\n})",
    );
  });

  it("makes a line that gets too long into several, the object first", () => {
    const source = `import { Module } from "rookery";\n\n@Module({ imports: [Aaaaaaaaaaaaaaaaaaaaaaaaa], providers: [Bbbbbbbbbbbbbb] })\nclass M {}\n`;

    expect(add(source)).toContain(
      "@Module({\n  imports: [Aaaaaaaaaaaaaaaaaaaaaaaaa],\n  providers: [Bbbbbbbbbbbbbb, ChatGateway],\n})",
    );
    expect(add(source, { printWidth: 40 })).toContain(
      "@Module({\n  imports: [Aaaaaaaaaaaaaaaaaaaaaaaaa],\n  providers: [\n    Bbbbbbbbbbbbbb,\n    ChatGateway,\n  ],\n})",
    );
  });

  it("changes nothing when it is there already", () => {
    const source = `import { Module } from "rookery";\nimport * as chat from "./index.js";\n@Module({ providers: [ChatGateway] })\nclass M {}`;

    expect(add(source)).toBe(source);
    expect(add(add(`@Module({})\nclass M {}`))).toBe(add(`@Module({})\nclass M {}`));
  });

  it("is found under another name of the decorator, and in an exported default", () => {
    expect(add(`import { Module as M } from "rookery";\n@M({})\nexport default class App {}`)).toContain(
      "@M({ providers: [ChatGateway] })",
    );
  });
});

describe("the import of such a class", () => {
  it.each([
    [
      "quotes and ends as the others are",
      `import { Module } from 'rookery'\n`,
      `import { ChatGateway } from './chat.gateway.js'\n`,
    ],
    [
      "follows a comment behind the last one",
      `import { Module } from "rookery"; // all\n`,
      `import { ChatGateway } from "./chat.gateway.js";\n`,
    ],
  ])("%s", (_title, head, added) => {
    expect(add(`${head}@Module({})\nclass M {}`)).toBe(
      `${head}${added}@Module({ providers: [ChatGateway] })\nclass M {}`,
    );
  });

  it("is not added a second time", () => {
    const head = `import { Module } from "rookery";\nimport { ChatGateway } from "./chat.gateway";\n`;

    expect(add(`${head}@Module({})\nclass M {}`)).toBe(`${head}@Module({ providers: [ChatGateway] })\nclass M {}`);
  });

  it("keeps the line ends of the file", () => {
    expect(add(`import { Module } from "rookery";\r\n@Module({})\r\nclass M {}\r\n`)).toBe(
      `import { Module } from "rookery";\r\nimport { ChatGateway } from "./chat.gateway.js";\r\n@Module({ providers: [ChatGateway] })\r\nclass M {}\r\n`,
    );
  });
});

describe("a module that cannot be edited", () => {
  it.each([
    ["@Module({ providers: [ }) class M {}", "cannot be parsed"],
    ["export class M {}", "declares no class with @Module()"],
    ["@Module({}) class A {}\n@Module({}) class B {}", "declares several modules"],
    ["@Module(metadata) class M {}", "something else than an object literal"],
    ["@Module({ providers }) class M {}", "has providers that are no list literal"],
    ["@Module({ providers: all() }) class M {}", "has providers that are no list literal"],
    ["@Module({}) class M {}\nclass ChatGateway {}", "has a class ChatGateway of its own"],
    [
      `import { ChatGateway } from "./other.js";\n@Module({}) class M {}`,
      `imports another ChatGateway (import { ChatGateway } from "./other.js";)`,
    ],
    [`import type { ChatGateway } from "./chat.gateway.js";\n@Module({}) class M {}`, "imports another ChatGateway"],
  ])("is left alone: %s", (source, problem) => {
    expect(() => add(source)).toThrow(
      expect.objectContaining({ code: "CLI_BAD_MODULE", message: expect.stringContaining(problem) }),
    );
  });
});
