import { glob } from "tinyglobby";

/** Files that glob patterns match, relative to `folder`, in order; folders stand for all that is in them. */
export async function findFiles(patterns: readonly string[], folder: string): Promise<string[]> {
  const found = await glob([...patterns], { cwd: folder, dot: true, ignore: ["**/node_modules/**"] });
  return found.sort();
}
