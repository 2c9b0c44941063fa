import { CliError } from "../errors.js";

/** What is wrong with a name; `undefined` when npm would take it, and it is safe as the name of a folder. */
export type NameCheck = (name: string) => string | undefined;

/** Loads npm's rules. */
export async function loadNameCheck(): Promise<NameCheck> {
  const { default: validate } = await import("validate-npm-package-name");
  return (name) => {
    const { validForNewPackages, errors = [], warnings = [] } = validate(name);
    if (!validForNewPackages) {
      const near = plainNameOf(name);
      const isGood = near !== name && validate(near).validForNewPackages;
      return [...errors, ...warnings].join(", ") + (isGood ? `; ${near} would do` : "");
    }
    // npm's rules let a scope through that leads out of a folder: @../name.
    return name.startsWith("@.") ? "the scope cannot start with a period" : undefined;
  };
}

/** @throws CliError `CLI_BAD_NAME` */
export function refuseBadName(name: string, check: NameCheck): void {
  const problem = check(name);
  if (problem !== undefined) throw new CliError("CLI_BAD_NAME", { values: { name, problem } });
}

/** `MyApp` and `./my app` as npm would have them. */
function plainNameOf(name: string): string {
  const words = name.replace(/([a-z\d])([A-Z])/g, "$1-$2").replace(/[^\w@/-]+/g, "-");
  return words.replace(/^[^a-z\d@]+|[^a-z\d]+$/gi, "").toLowerCase();
}

/** `@acme/chat` lives in `chat`. */
export function folderNameOf(name: string): string {
  return name.slice(name.indexOf("/") + 1);
}
