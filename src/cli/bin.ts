#!/usr/bin/env node
// The check comes first, and everything else is loaded after it: an older Node may not even read the rest.
import { CliError } from "./errors.js";
import { checkNodeVersion } from "./node-version.js";

try {
  checkNodeVersion(process.versions.node);
  const { runProcess } = await import("./process.js");
  await runProcess();
} catch (error) {
  const { message, mend } = CliError.is(error) ? error : { message: String(error), mend: "" };
  process.stderr.write(`error: ${message}\n  mend: ${mend}\n`);
  process.exitCode = 1;
}
