import { relative } from "node:path";
import { defineCommand, exampleText, type Context } from "../command.js";
import { checkPackageManager, createProject } from "../new/create-project.js";
import { PACKAGE_MANAGERS, packageManagerNames } from "../new/package-manager.js";
import { projectFiles } from "../new/project-files.js";
import { MODULE_KINDS, TEMPLATES, type ProjectPlan } from "../new/project-plan.js";
import { planProject, type PlanOptions } from "../new/questions.js";

interface NewOptions extends PlanOptions {
  readonly skipInstall?: boolean;
  readonly skipGit?: boolean;
  readonly dryRun?: boolean;
}

/** `rookery new`. */
export const newCommand = defineCommand<[name: string | undefined], NewOptions>({
  configure: (command) => {
    const choice = (flags: string, description: string, choices: readonly string[]): void =>
      void command.addOption(command.createOption(flags, description).choices(choices));
    command
      .description(
        "Make a new project in a folder of its name. What the options leave open is asked for in a terminal.",
      )
      .argument("[name]", "name of the project, as in package.json");
    choice("-t, --template <name>", "what the project starts from (default: minimal)", Object.keys(TEMPLATES));
    choice("-m, --module <kind>", "module system (default: esm)", Object.keys(MODULE_KINDS));
    choice("-p, --package-manager <name>", "what installs (default: what runs rookery)", packageManagerNames);
    command
      .option("--rookery <source>", "checkout, tarball or version to depend on (default: this one)")
      .option("--strict", "the strictest rules of TypeScript and the linter")
      .option("-s, --skip-install", "do not install the dependencies")
      .option("-g, --skip-git", "do not make a git repository")
      .option("-f, --force", "write into a folder that is not empty; files of the same names are replaced")
      .option("-d, --dry-run", "show what would be written, and write nothing")
      .option("-y, --yes", "ask nothing, take the defaults")
      .addHelpText(
        "after",
        exampleText(["rookery new my-app", "rookery new @acme/chat --template chat --module cjs -y"]),
      );
  },
  run: async (context, [name], options) => {
    const plan = await planProject(name, options, context);
    const { skipGit = false, skipInstall = false, dryRun = false } = options;
    const steps = { git: !skipGit, install: !skipInstall };
    if (dryRun) {
      checkPackageManager(plan, steps, context);
      showPlan(plan, context);
    } else {
      await createProject(plan, steps, context);
      showWayOn(plan, skipInstall, context);
    }
    return 0;
  },
});

function showPlan(plan: ProjectPlan, { output, cwd }: Context): void {
  const folder = relative(cwd, plan.folder);
  for (const { path, content } of projectFiles(plan)) {
    const size = output.colors.dim(`(${Buffer.byteLength(content)} bytes)`);
    output.print(`${output.colors.green("create")} ${folder}/${path} ${size}`);
  }
  output.note("\nNothing was written: this is a dry run.");
}

function showWayOn(plan: ProjectPlan, hasToInstall: boolean, { output, cwd }: Context): void {
  const { install, start, test } = PACKAGE_MANAGERS[plan.packageManager];
  output.note(`${output.colors.green("✔")} ${plan.name} is there, from the template ${plan.template}.\n`);
  output.note(`  cd ${relative(cwd, plan.folder)}`);
  if (hasToInstall) output.note(`  ${install}`);
  output.note(`  ${start}`);
  output.note(`  ${test}`);
}
