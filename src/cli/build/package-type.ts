import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** How Node reads `.js` files in a folder: by the nearest package.json. */
export function packageTypeOf(folder: string): "module" | "commonjs" {
  const file = join(folder, "package.json");
  if (existsSync(file)) {
    const { type } = JSON.parse(readFileSync(file, "utf8")) as { readonly type?: string };
    return type === "module" ? "module" : "commonjs";
  }
  return dirname(folder) === folder ? "commonjs" : packageTypeOf(dirname(folder));
}
