import { relative, resolve } from "node:path";
import { defineCommand, exampleText, type Context } from "../command.js";
import { CliError } from "../errors.js";
import { isDone, type Change } from "../generate/change.js";
import { chooseGenerator, generatorsOf } from "../generate/collections.js";
import { parseName } from "../generate/name.js";
import { planChanges, type Wish } from "../generate/plan.js";
import { showChanges, showDiff } from "../generate/show.js";
import { writeChanges } from "../generate/write.js";
import { GENERATORS, type GeneratorEntry } from "../generators/index.js";
import { readWorkspace, type Project, type Workspace } from "../workspace/workspace.js";

interface GenerateOptions {
  readonly dryRun?: boolean;
  readonly flat?: boolean;
  readonly spec?: boolean;
  readonly path?: string;
  readonly module?: string;
  readonly skipImport?: boolean;
  readonly force?: boolean;
  readonly project?: string;
}

/** `rookery generate`. */
export const generateCommand = defineCommand<[kind: string | undefined, name: string | undefined], GenerateOptions>({
  configure: (command) => {
    command
      .description(
        "Write a class with its spec, and register it in the nearest module. Running it twice changes nothing.",
      )
      .argument("[kind]", "what to write, see below")
      .argument("[name]", "its name, with folders before it if need be: orders/line-item")
      .option("--path <folder>", "folder below the sources to start from")
      .option("--flat", "no folder of its own")
      .option("--no-flat", "a folder of its own, whatever the workspace says")
      .option("--spec", "with its spec, whatever the workspace says")
      .option("--no-spec", "without its spec")
      .option("-m, --module <file>", "module to register it in (default: the nearest)")
      .option("--skip-import", "register it nowhere")
      .option("-p, --project <name>", "project of the workspace")
      .option("-f, --force", "replace files that differ")
      .option("-d, --dry-run", "show the changes as a patch, and write nothing")
      .addHelpText("after", `\n${kindsText()}\n${exampleText(EXAMPLES)}`);
  },
  run: async (context, [kind, name], options) => {
    const workspace = readWorkspace(context.cwd);
    const project = workspace.project(options.project, context.cwd);
    const generators = await generatorsOf({ root: workspace.root, collections: project.collections });
    const wish = await toWish({ kind, name, workspace, project, generators }, options, context);
    const changes = planChanges(wish);
    if (options.force !== true) checkNothingDiffers(changes, context);
    await carryOut(changes, wish, { isDry: options.dryRun === true, context });
    return 0;
  },
});

const EXAMPLES = [
  "rookery generate gateway chat",
  "rookery g resource shop/orders --dry-run",
  "rookery g dto send-message --path chat",
];

function kindsText(): string {
  const names = GENERATORS.map(({ kind, aliases = [] }) => [kind, ...aliases].join(", "));
  const width = Math.max(...names.map((name) => name.length)) + 2;
  const lines = GENERATORS.map(({ summary }, index) => `  ${(names[index] ?? "").padEnd(width)}${summary}`);
  return `Kinds:\n${lines.join("\n")}\n\nOthers come from the collections of nest-cli-like.json.`;
}

interface Request {
  readonly kind: string | undefined;
  readonly name: string | undefined;
  readonly workspace: Workspace;
  readonly project: Project;
  readonly generators: readonly GeneratorEntry[];
}

async function toWish(request: Request, options: GenerateOptions, context: Context): Promise<Wish> {
  const { workspace, project, generators } = request;
  const generator = await chooseGenerator(request.kind ?? (await askKind(generators, context)), generators);
  const { kind } = generator;
  const { generateOptions } = project;
  const file = options.module;
  return {
    ...parseName(request.name ?? (await askName(kind, context)), kind),
    generator,
    workspace,
    project,
    isFlat: options.flat ?? generateOptions.flat,
    withSpecs: options.spec ?? generateOptions.spec,
    module: options.skipImport === true ? false : file && resolve(context.cwd, file),
    ...(options.path !== undefined && { path: options.path }),
  };
}

function askKind(generators: readonly GeneratorEntry[], { prompter }: Context): Promise<string> {
  return prompter.choose({
    message: "What shall be written?",
    what: "the kind",
    flag: "rookery generate <kind> <name>",
    choices: generators.map(({ kind, summary }) => ({ value: kind, hint: summary })),
    initial: generators[0]?.kind ?? "",
  });
}

function askName(kind: string, { prompter }: Context): Promise<string> {
  return prompter.text({
    message: `What is the ${kind} called?`,
    what: `the name of the ${kind}`,
    flag: `rookery generate ${kind} <name>`,
    check: (answer) => (answer.trim() === "" ? "It needs a name." : undefined),
  });
}

function checkNothingDiffers(changes: readonly Change[], { cwd }: Context): void {
  const differing = changes.filter((change) => !change.isEdit && change.before !== undefined && !isDone(change));
  if (differing.length === 0) return;
  const files = differing.map(({ path }) => relative(cwd, path)).join(", ");
  throw new CliError("CLI_FILE_DIFFERS", { values: { files } });
}

interface Execution {
  readonly isDry: boolean;
  readonly context: Context;
}

async function carryOut(changes: readonly Change[], wish: Wish, { isDry, context }: Execution): Promise<void> {
  const { output, signal } = context;
  const pending = changes.filter((change) => !isDone(change));
  if (pending.length === 0) {
    output.note("Nothing to do: everything is there already.");
  } else if (isDry) {
    await showDiff(pending, wish.workspace.root, context);
    output.note("\nNothing was written: this is a dry run.");
  } else {
    await writeChanges(pending, wish.workspace.root, signal);
    showChanges(changes, context);
    showWayOn(pending, wish, context);
  }
}

function showWayOn(pending: readonly Change[], { generator, name }: Wish, { output }: Context): void {
  if (generator.hint !== undefined) output.note(`\n${generator.hint(name)}`);
  if (pending.some(({ path }) => path.endsWith("package.json"))) {
    output.note("\npackage.json lists what the new files import: install it.");
  }
}
