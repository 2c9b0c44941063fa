import { CliError } from "../errors.js";
import type { Check, Finding, Subject } from "./check.js";
import { clusterCheck } from "./cluster.js";
import { copiesCheck } from "./copies.js";
import { buildMetadataCheck, jestMetadataCheck } from "./metadata.js";
import { moduleKindCheck } from "./module-kind.js";
import { portCheck } from "./port.js";
import { versionsCheck } from "./versions.js";

/** Every check, in the order in which its findings are shown. */
const CHECKS: readonly Check[] = [
  versionsCheck,
  copiesCheck,
  moduleKindCheck,
  buildMetadataCheck,
  jestMetadataCheck,
  portCheck,
  clusterCheck,
];

/** A finding, and the check that it came from. */
export interface NamedFinding extends Finding {
  readonly check: string;
}

/** Looks at everything; what cannot be looked at is a finding as well. */
export async function examine(subject: Subject): Promise<NamedFinding[]> {
  const findings: NamedFinding[] = [];
  for (const check of CHECKS) {
    for (const finding of await lookAt(check, subject)) findings.push({ check: check.name, ...finding });
  }
  return findings;
}

async function lookAt(check: Check, subject: Subject): Promise<readonly Finding[]> {
  try {
    return await check.look(subject);
  } catch (error) {
    if (!CliError.is(error) || error.code === "CLI_INTERRUPTED") throw error;
    return [{ level: "error", message: error.message, mend: error.mend }];
  }
}
