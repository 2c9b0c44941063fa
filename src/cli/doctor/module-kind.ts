import { relative } from "node:path";
import { readLayout } from "../build/layout.js";
import { packageTypeOf } from "../build/package-type.js";
import type { Check, Finding } from "./check.js";

/** Whether Node reads the compiled files as what they were compiled to. */
export const moduleKindCheck: Check = {
  name: "module system",
  look: ({ workspace, project }) => {
    const { tsconfig, outDir, root } = readLayout(workspace, project);
    const { module = "", moduleResolution = "" } = tsconfig.config.compilerOptions ?? {};
    const file = relative(root, tsconfig.path);
    const type = packageTypeOf(outDir);
    const found = [mismatch(module.toLowerCase(), type, file), resolution(moduleResolution.toLowerCase(), file)];
    const problems = found.filter((each) => each !== undefined);
    return problems.length > 0 ? problems : [{ level: "ok", message: `TypeScript and Node agree: ${type}` }];
  },
};

/** `node16` and its like follow package.json; without `module` it depends on the compiler's version. */
function mismatch(module: string, type: "module" | "commonjs", file: string): Finding | undefined {
  if (module === "" || module.startsWith("node")) return undefined;
  const written = module === "commonjs" ? "commonjs" : "module";
  if (written === type) return undefined;
  return {
    level: "error",
    message: `${file} compiles to ${module}, and Node reads the files as ${type === "module" ? "ES modules" : "CommonJS"}`,
    mend: `Set "module": "nodenext" in ${file}, which follows "type" of package.json.`,
  };
}

function resolution(moduleResolution: string, file: string): Finding | undefined {
  if (moduleResolution !== "bundler") return undefined;
  return {
    level: "warning",
    message: `${file} resolves modules as a bundler does: imports without an extension compile, and Node does not find them`,
    mend: `Set "module" and "moduleResolution" to "nodenext" in ${file}.`,
  };
}
