import { readFileSync } from "node:fs";
import type { Profiler } from "node:inspector";
import { sep } from "node:path";

/** How many functions are worth a line. */
const SHOWN = 20;
const PATH_SEGMENTS_SHOWN = 4;

/** The functions in which a profiled server spent its time, most first, as lines of text. Idle time is left out. */
export function summarizeProfile(file: string): string {
  const profile = JSON.parse(readFileSync(file, "utf8")) as Profiler.Profile;
  const selfUs = selfTimes(profile);
  selfUs.delete("(idle)");
  const totalUs = [...selfUs.values()].reduce((sum, us) => sum + us, 0);
  const top = [...selfUs].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  return top.map(([name, us]) => `  ${((us / totalUs) * 100).toFixed(1).padStart(5)} %  ${name}`).join("\n");
}

function selfTimes(profile: Profiler.Profile): Map<string, number> {
  const names = new Map(profile.nodes.map((node) => [node.id, describe(node.callFrame)]));
  const selfUs = new Map<string, number>();
  const deltas = profile.timeDeltas ?? [];
  profile.samples?.forEach((id, index) => {
    const name = names.get(id) ?? "(unknown)";
    selfUs.set(name, (selfUs.get(name) ?? 0) + (deltas[index] ?? 0));
  });
  return selfUs;
}

function describe(frame: Profiler.Profile["nodes"][number]["callFrame"]): string {
  const name = frame.functionName === "" ? "(anonymous)" : frame.functionName;
  if (frame.url === "") return name;
  const path = frame.url
    .split(frame.url.includes("/") ? "/" : sep)
    .slice(-PATH_SEGMENTS_SHOWN)
    .join("/");
  return `${name}  ${path}:${frame.lineNumber + 1}`;
}
