import { join, relative } from "node:path";
import type { Layout } from "../build/layout.js";
import type { ContractJson } from "./contract.js";

/** Files that look like gateways, and of which the app serves nothing; relative to the workspace. */
export async function findUnserved({ namespaces }: ContractJson, layout: Layout): Promise<string[]> {
  const { findFiles } = await import("../build/find-files.js");
  const served = namespaces.flatMap(({ gateways }) => gateways.map(({ place }) => place.file));
  const found = await findFiles([layout.project.gateways], layout.sources);
  return found
    .map((path) => relative(layout.root, join(layout.sources, path)).replaceAll("\\", "/"))
    .filter((path) => !path.endsWith(".spec.ts") && !served.includes(path));
}
