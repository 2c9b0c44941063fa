import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const DEFAULT_WIDTH = 80;
const FILES = [".prettierrc.json", ".prettierrc"];

/** How wide the project's lines are, as far as prettier's JSON configuration says; 80 otherwise, as prettier has it. */
export function printWidthOf(root: string): number {
  for (const name of FILES) {
    const width = readWidth(join(root, name));
    if (width !== undefined) return width;
  }
  return DEFAULT_WIDTH;
}

/** It is prettier's file, in one of its notations: what cannot be read is no mistake here. */
function readWidth(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const { printWidth } = JSON.parse(readFileSync(file, "utf8")) as { readonly printWidth?: unknown };
    return typeof printWidth === "number" ? printWidth : undefined;
  } catch {
    return undefined;
  }
}
