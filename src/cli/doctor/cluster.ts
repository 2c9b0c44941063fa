import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { findFiles } from "../build/find-files.js";
import type { Check, Subject } from "./check.js";

const ADAPTER_PACKAGE = /^(?:@socket\.io\/[\w-]*adapter|socket\.io-(?!adapter$)[\w-]*adapter)$/;
const STICKY_PACKAGE = "@socket.io/sticky";
const ADAPTER_OPTION = /\badapter\s*[:,}]|\.adapter\(/;

/** An adapter means several servers, and those need a client's polling requests to come to one of them. */
export const clusterCheck: Check = {
  name: "cluster",
  look: async (subject) => {
    const dependencies = dependenciesIn(subject.workspace.root);
    const adapter = dependencies.find((name) => ADAPTER_PACKAGE.test(name)) ?? (await fileWithAdapter(subject));
    if (adapter === undefined || dependencies.includes(STICKY_PACKAGE)) return [];
    return [
      {
        level: "hint",
        message: `with several servers (${adapter}), all requests of a polling client have to come to the same one`,
        mend: `Let the load balancer keep sessions (by cookie or address), use ${STICKY_PACKAGE}, or set transports: ["websocket"].`,
      },
    ];
  },
};

function dependenciesIn(root: string): string[] {
  const file = join(root, "package.json");
  if (!existsSync(file)) return [];
  const { dependencies = {} } = JSON.parse(readFileSync(file, "utf8")) as { readonly dependencies?: object };
  return Object.keys(dependencies);
}

async function fileWithAdapter({ workspace: { root }, project }: Subject): Promise<string | undefined> {
  const sources = resolve(root, project.sourceRoot);
  const files = existsSync(sources) ? await findFiles(["**/*.ts"], sources) : [];
  for (const file of files.filter((each) => !each.endsWith(".spec.ts"))) {
    if (ADAPTER_OPTION.test(await readFile(join(sources, file), "utf8"))) return file;
  }
  return undefined;
}
