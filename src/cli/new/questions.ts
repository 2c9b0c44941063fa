import { resolve } from "node:path";
import type { Context } from "../command.js";
import { callingPackageManager, packageManagerNames, type PackageManager } from "./package-manager.js";
import { folderNameOf, loadNameCheck, refuseBadName, type NameCheck } from "./project-name.js";
import { MODULE_KINDS, TEMPLATES, type ModuleKind, type ProjectPlan, type Template } from "./project-plan.js";
import { rookerySpecifier } from "./rookery-source.js";
import { checkFree } from "./staging.js";

/** What the command line says of the project. */
export interface PlanOptions {
  readonly template?: Template;
  readonly module?: ModuleKind;
  readonly packageManager?: PackageManager;
  readonly rookery?: string;
  readonly strict?: boolean;
  readonly yes?: boolean;
  /** Whether the folder may have files already. */
  readonly force?: boolean;
}

/**
 * Completes the command line to a plan: asks for what it leaves open, where there is somebody to ask and `--yes` does not
 * say otherwise. Only the name has no default. What can be refused is refused before the next question.
 *
 * @throws CliError `CLI_NEEDS_ANSWER`, `CLI_BAD_NAME`, `CLI_FOLDER_NOT_EMPTY`, `CLI_BAD_ROOKERY`
 */
export async function planProject(
  name: string | undefined,
  options: PlanOptions,
  context: Context,
): Promise<ProjectPlan> {
  const isAsking = context.prompter.isInteractive && options.yes !== true;
  const checkName = await loadNameCheck();
  const chosenName = name ?? (await askName(context, checkName));
  refuseBadName(chosenName, checkName);
  const folder = resolve(context.cwd, folderNameOf(chosenName));
  if (options.force !== true) checkFree(folder);
  const rookery = rookerySpecifier(options.rookery, context.cwd, folder);
  const template = options.template ?? (isAsking ? await askTemplate(context) : "minimal");
  const module = options.module ?? (isAsking ? await askModule(context) : "esm");
  const packageManager =
    options.packageManager ?? (isAsking ? await askPackageManager(context) : callingPackageManager(context.env));
  return { name: chosenName, folder, template, module, packageManager, isStrict: options.strict === true, rookery };
}

function askName({ prompter }: Context, check: NameCheck): Promise<string> {
  return prompter.text({
    message: "What is the project called?",
    what: "the name of the project",
    flag: "rookery new <name>",
    placeholder: "my-app",
    check,
  });
}

function askTemplate({ prompter }: Context): Promise<Template> {
  return prompter.choose<Template>({
    message: "Which template?",
    what: "the template",
    flag: "--template <name>",
    choices: choicesOf(TEMPLATES),
    initial: "minimal",
  });
}

function askModule({ prompter }: Context): Promise<ModuleKind> {
  return prompter.choose<ModuleKind>({
    message: "Which module system?",
    what: "the module system",
    flag: "--module <kind>",
    choices: choicesOf(MODULE_KINDS),
    initial: "esm",
  });
}

function askPackageManager({ prompter, env }: Context): Promise<PackageManager> {
  return prompter.choose<PackageManager>({
    message: "Which package manager?",
    what: "the package manager",
    flag: "--package-manager <name>",
    choices: packageManagerNames.map((value) => ({ value })),
    initial: callingPackageManager(env),
  });
}

function choicesOf<Value extends string>(hints: Readonly<Record<Value, string>>): { value: Value; hint: string }[] {
  return Object.entries<string>(hints).map(([value, hint]) => ({ value: value as Value, hint }));
}
