import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What the CLI reads of its own package.json. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The folder of this package: the same two levels up from `src/cli` and from `dist/cli`. */
export const packageFolder = fileURLToPath(new URL("../../", import.meta.url));

/** This package's package.json. */
export function packageManifest(): PackageManifest {
  return JSON.parse(readFileSync(`${packageFolder}package.json`, "utf8")) as PackageManifest;
}

/** This package's version. */
export function packageVersion(): string {
  return packageManifest().version;
}
