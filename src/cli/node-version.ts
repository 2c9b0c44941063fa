import { CliError } from "./errors.js";

/** As in `engines` of package.json; a test compares them. */
export const OLDEST_NODE = "20.19";

/** @throws CliError `CLI_NODE_VERSION`; `version` as in `process.versions.node`. */
export function checkNodeVersion(version: string): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split(".").map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new CliError("CLI_NODE_VERSION", { values: { version, wanted: `${OLDEST_NODE} or newer` } });
}
