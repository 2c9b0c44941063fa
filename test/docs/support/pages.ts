import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const repository = join(__dirname, "../../..");

/** A fenced block of a page, without its fences. */
export interface Block {
  /** What stands behind the opening fence: `ts`, `js`, `sh`; nothing of plain output. */
  readonly language: string;
  readonly code: string;
  /** The file that the block is, where its first line says so: `// chat.gateway.ts`. */
  readonly file: string | undefined;
}

/** The pages of `docs/`, and those of the top and the sample app, as paths from the top. */
export function allPages(): string[] {
  const docs = readdirSync(join(repository, "docs"), { recursive: true, encoding: "utf8" });
  return ["README.md", "CONTRIBUTING.md", "sample-app/README.md", ...docs.map((path) => join("docs", path))]
    .filter((path) => path.endsWith(".md"))
    .toSorted();
}

export function textOf(page: string): string {
  return readFileSync(join(repository, page), "utf8");
}

/** In the order of the page. */
export function blocksOf(page: string): Block[] {
  const fences = textOf(page).matchAll(/^```(\w*)\n([^]*?)^```$/gm);
  return Array.from(fences, ([, language = "", code = ""]) => ({
    language,
    code,
    file: /^\/\/ ([\w.-]+\.(?:ts|mjs))\n/.exec(code)?.[1],
  }));
}

/** What a page says that a program prints: the block without a language behind that of the program's file. */
export function outputOf(page: string, program: string): string {
  const blocks = blocksOf(page);
  const output = blocks.slice(blocks.findIndex(({ file }) => file === program)).find(({ language }) => language === "");
  return output?.code ?? "";
}
