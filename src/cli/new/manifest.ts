import { packageManifest } from "../package.js";
import type { PackageManager } from "./package-manager.js";
import type { ProjectFile, ProjectPlan } from "./project-plan.js";
import { isFolderSpecifier } from "./rookery-source.js";

const DEPENDENCIES = ["class-transformer", "class-validator"];
const DEV_DEPENDENCIES = [
  "@eslint/js",
  "@swc/core",
  "@swc/jest",
  "@types/jest",
  "@types/node",
  "eslint",
  "eslint-config-prettier",
  "jest",
  "prettier",
  "typescript",
  "typescript-eslint",
];

/** The files that tools read: package.json and the configurations. */
export function manifestFiles(plan: ProjectPlan): ProjectFile[] {
  return [
    { path: "package.json", content: `${JSON.stringify(packageJson(plan), undefined, 2)}\n` },
    json("nest-cli-like.json", workspaceJson()),
    json("tsconfig.json", tsconfigJson(plan)),
    json("tsconfig.build.json", tsconfigBuildJson()),
    json(".prettierrc.json", { printWidth: 120, trailingComma: "all" }),
    { path: "eslint.config.mjs", content: eslintConfig(plan) },
    ...packageManagerFiles(plan),
  ];
}

function packageJson({ name, module, template, rookery }: ProjectPlan): object {
  // A page takes the client from the app's own server, which has it from this package.
  const isServingClient = template === "chat";
  return {
    name,
    version: "0.1.0",
    private: true,
    type: module === "esm" ? "module" : "commonjs",
    engines: { node: ">=20.19" },
    scripts: {
      build: "rookery build",
      start: "rookery start",
      dev: "rookery start --watch",
      test: "jest",
      types: "tsc --noEmit",
      lint: "eslint --max-warnings 0 .",
      format: "prettier --write .",
      "format:check": "prettier --check .",
    },
    dependencies: sorted({
      ...versionsOf(DEPENDENCIES),
      ...(isServingClient && versionsOf(["socket.io-client"])),
      rookery,
    }),
    devDependencies: sorted({
      ...versionsOf(DEV_DEPENDENCIES),
      ...(!isServingClient && versionsOf(["socket.io-client"])),
    }),
    jest: { preset: "rookery" },
  };
}

/** The versions that Rookery itself is built and tested with: there is no second list to keep. */
function versionsOf(names: readonly string[]): Record<string, string> {
  const { dependencies, devDependencies } = packageManifest();
  return Object.fromEntries(names.map((name) => [name, dependencies[name] ?? devDependencies[name] ?? "*"]));
}

function workspaceJson(): object {
  return {
    $schema: "./node_modules/rookery/nest-cli-like.schema.json",
    sourceRoot: "src",
    compilerOptions: { tsConfigPath: "tsconfig.build.json" },
  };
}

function tsconfigJson({ isStrict }: ProjectPlan): object {
  return {
    compilerOptions: {
      target: "es2023",
      module: "nodenext",
      strict: true,
      ...(isStrict && {
        noUncheckedIndexedAccess: true,
        noImplicitOverride: true,
        noImplicitReturns: true,
        noFallthroughCasesInSwitch: true,
        noUnusedLocals: true,
        noUnusedParameters: true,
      }),
      isolatedModules: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      skipLibCheck: true,
      types: ["node", "jest"],
      noEmit: true,
    },
    include: ["src", "test"],
  };
}

function tsconfigBuildJson(): object {
  return {
    extends: "./tsconfig.json",
    compilerOptions: { noEmit: false, rootDir: "src", outDir: "dist", sourceMap: true, types: ["node"] },
    include: ["src"],
    exclude: ["**/*.spec.ts"],
  };
}

function eslintConfig({ isStrict }: ProjectPlan): string {
  return `import eslint from "@eslint/js";
import prettier from "eslint-config-prettier";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["coverage/", "dist/", "public/"]),
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.${isStrict ? "strictTypeChecked" : "recommendedTypeChecked"}],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A module is an empty class that carries its decorator.
      "@typescript-eslint/no-extraneous-class": ["error", { allowWithDecorator: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  prettier,
);
`;
}

/** What package managers have to be told for any project. */
const SETTINGS: Partial<Record<PackageManager, ProjectFile>> = {
  // The plug'n'play loader is not what jest and its transforms expect.
  yarn: { path: ".yarnrc.yml", content: "nodeLinker: node-modules\n" },
  // An installation fails otherwise, from pnpm 11 on: nobody has said of swc's build script whether it may run.
  pnpm: {
    path: "pnpm-workspace.yaml",
    content: "# No package needs to be built: each brings what its build script would fetch.\nstrictDepBuilds: false\n",
  },
};

function packageManagerFiles({ packageManager, rookery }: ProjectPlan): ProjectFile[] {
  const own = SETTINGS[packageManager];
  if (own !== undefined) return [own];
  if (packageManager !== "npm" || !isFolderSpecifier(rookery)) return [];
  const comment = "; rookery comes from a folder: a copy of it shares its dependencies with the app, a link would not.";
  return [{ path: ".npmrc", content: `${comment}\ninstall-links=true\n` }];
}

/** As prettier would write it: short lists on one line. */
function json(path: string, value: object): ProjectFile {
  const text = JSON.stringify(value, undefined, 2);
  return { path, content: `${text.replace(/\[\s+([^[\]{}]*?)\s+\]/g, (_, items: string) => `[${oneLine(items)}]`)}\n` };
}

function oneLine(items: string): string {
  return items.replace(/\s*\n\s*/g, " ");
}

function sorted(versions: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(versions).sort(([a], [b]) => (a < b ? -1 : 1)));
}
