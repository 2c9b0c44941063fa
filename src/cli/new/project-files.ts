import { manifestFiles } from "./manifest.js";
import { paperFiles } from "./papers.js";
import type { ProjectFile, ProjectPlan } from "./project-plan.js";
import { templateFiles } from "./template.js";

/** Every file of a new project, by path. */
export function projectFiles(plan: ProjectPlan): ProjectFile[] {
  const files = [...templateFiles(plan), ...manifestFiles(plan), ...paperFiles(plan)];
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}
