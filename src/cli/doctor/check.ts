import type { Context } from "../command.js";
import type { Project, Workspace } from "../workspace/workspace.js";

/** What was found about one thing. */
export interface Finding {
  /** `error` breaks apps, `warning` may, `hint` is good to know. */
  readonly level: "ok" | "hint" | "warning" | "error";
  readonly message: string;
  /** What to do about it; none when all is well. */
  readonly mend?: string;
}

/** What is looked at. */
export interface Subject {
  readonly workspace: Workspace;
  readonly project: Project;
  readonly context: Context;
}

/** Looks at one thing. A thrown CliError becomes a finding. */
export interface Check {
  /** As `--json` calls it. */
  readonly name: string;
  readonly look: (subject: Subject) => Promise<readonly Finding[]> | readonly Finding[];
}
