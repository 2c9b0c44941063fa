import { relative } from "node:path";
import type { Context } from "../command.js";
import { isDone, type Change } from "./change.js";

/** One line per file: what has become of it. */
export function showChanges(changes: readonly Change[], { output, cwd }: Context): void {
  const { green, yellow, dim } = output.colors;
  for (const change of changes) {
    const path = relative(cwd, change.path);
    if (isDone(change)) output.note(`${dim("unchanged")} ${path}`);
    else output.note(`${change.before === undefined ? green("create") : yellow("update")} ${path}`);
  }
}

/** The changes as a patch that `git apply` takes in the root of the project, wherever the command runs. */
export async function showDiff(changes: readonly Change[], root: string, { output }: Context): Promise<void> {
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import("diff");
  for (const { path, before, after } of changes) {
    const name = relative(root, path).replaceAll("\\", "/");
    const from = before === undefined ? "/dev/null" : `a/${name}`;
    const patch = createTwoFilesPatch(from, `b/${name}`, before ?? "", after, undefined, undefined, {
      headerOptions: FILE_HEADERS_ONLY,
    });
    output.print(
      patch
        .trimEnd()
        .split("\n")
        .map((line) => colored(line, output.colors))
        .join("\n"),
    );
  }
}

function colored(line: string, { bold, cyan, green, red }: Context["output"]["colors"]): string {
  if (line.startsWith("---") || line.startsWith("+++")) return bold(line);
  if (line.startsWith("@@")) return cyan(line);
  if (line.startsWith("+")) return green(line);
  return line.startsWith("-") ? red(line) : line;
}
