import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What of an installed package's package.json is of interest. */
export interface InstalledPackage {
  readonly version: string;
  /** Absolute path. */
  readonly folder: string;
}

/** The package that modules in `folder` get; found as Node does, whatever the package exports. */
export function findInstalled(name: string, folder: string): InstalledPackage | undefined {
  const found = join(folder, "node_modules", name);
  const manifest = join(found, "package.json");
  if (existsSync(manifest)) {
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version?: string };
    return { version: version ?? "0.0.0", folder: found };
  }
  return dirname(folder) === folder ? undefined : findInstalled(name, dirname(folder));
}
