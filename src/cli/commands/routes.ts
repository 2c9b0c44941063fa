import { buildProject } from "../build/build.js";
import { readLayout } from "../build/layout.js";
import { defineCommand, exampleText, type Context } from "../command.js";
import { readContract } from "../routes/read-contract.js";
import { routeRows, type RouteRow } from "../routes/rows.js";
import { findUnserved } from "../routes/unserved.js";
import { readWorkspace } from "../workspace/workspace.js";

const TIMEOUT_MS = 30_000;

interface RoutesOptions {
  readonly json?: boolean;
  readonly build?: boolean;
  readonly project?: string;
}

/** `rookery routes`. */
export const routesCommand = defineCommand<[], RoutesOptions>({
  configure: (command) => {
    command
      .description(
        "Show what an app serves. It is built, and runs up to the point where it would start; nothing listens.",
      )
      .option("--no-build", "show what was built last")
      .option("-p, --project <name>", "project of the workspace")
      .option("--json", "as JSON")
      .addHelpText("after", exampleText(["rookery routes", "rookery routes --json --no-build"]));
  },
  run: async (context, _args, { json = false, build = true, project: name }) => {
    const workspace = readWorkspace(context.cwd);
    const project = workspace.project(name, context.cwd);
    const layout = readLayout(workspace, project);
    if (build) await buildProject(layout, project.compilerOptions.builder, context);
    const contract = await readContract(layout, TIMEOUT_MS, context);
    const rows = routeRows(contract);
    if (json) context.output.json(rows);
    else show(rows, context);
    for (const file of await findUnserved(contract, layout)) {
      context.output.warn(`${file} is served nowhere: is its class among the providers of a module?`);
    }
    return 0;
  },
});

const COLUMNS: readonly (readonly [title: string, cell: (row: RouteRow) => string])[] = [
  ["event", ({ event }) => event],
  ["takes", ({ takes }) => list(takes)],
  ["answers", ({ ack }) => (ack === "none" ? "–" : ack)],
  ["guards", ({ guards }) => list(guards)],
  ["limits", ({ limits }) => list(limits)],
  ["handler", ({ handler }) => handler],
  ["at", ({ file, line }) => `${file}:${line}`],
];

function show(rows: readonly RouteRow[], { output }: Context): void {
  if (rows.length === 0) output.print("The app serves no event.");
  const { bold, dim } = output.colors;
  const cells = rows.map((row) => COLUMNS.map(([, cell]) => cell(row)));
  const widths = COLUMNS.map(([title], column) =>
    Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (texts: readonly string[]): string =>
    `  ${texts.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd();
  for (const namespace of new Set(rows.map((row) => row.namespace))) {
    output.print(bold(namespace));
    output.print(dim(line(COLUMNS.map(([title]) => title))));
    for (const [index, row] of rows.entries()) {
      if (row.namespace === namespace) output.print(line(cells[index] ?? []));
    }
  }
}

function list(items: readonly string[]): string {
  return items.length === 0 ? "–" : items.join(", ");
}
