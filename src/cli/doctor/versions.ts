import { findInstalled } from "../info/installed.js";
import { packageVersion } from "../package.js";
import type { Check, Finding } from "./check.js";

/** The versions of Node and of Rookery. An older Node than Rookery runs on does not come as far as here. */
export const versionsCheck: Check = {
  name: "versions",
  look: ({ workspace }) => [
    { level: "ok", message: `Node.js ${process.versions.node}` },
    rookeryFinding(findInstalled("rookery", workspace.root)?.version),
  ],
};

function rookeryFinding(version: string | undefined): Finding {
  const own = packageVersion();
  if (version === undefined) {
    return { level: "error", message: "rookery is not installed here", mend: "Install it: npm install rookery." };
  }
  if (version === own) return { level: "ok", message: `rookery ${version}` };
  return {
    level: "warning",
    message: `the project has rookery ${version}, and this command is of ${own}`,
    mend: "Run the project's own one: npx rookery doctor.",
  };
}
