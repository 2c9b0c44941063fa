/** How each package manager says what a project needs of it. */
export const PACKAGE_MANAGERS = {
  npm: {
    install: "npm install",
    cleanInstall: "npm ci",
    run: "npm run",
    start: "npm start",
    test: "npm test",
    execute: "npx",
    prune: "npm prune --omit=dev",
    lockFile: "package-lock.json",
    setUp: undefined,
  },
  pnpm: {
    install: "pnpm install",
    cleanInstall: "pnpm install --frozen-lockfile",
    run: "pnpm run",
    start: "pnpm start",
    test: "pnpm test",
    execute: "pnpm exec",
    prune: "pnpm prune --prod",
    lockFile: "pnpm-lock.yaml",
    setUp: "npm install --global pnpm",
  },
  yarn: {
    install: "yarn install",
    // Yarn 1 knows no `--immutable`, and Yarn 4 knows this too.
    cleanInstall: "yarn install --frozen-lockfile",
    run: "yarn run",
    start: "yarn start",
    test: "yarn test",
    execute: "yarn",
    // There is no way that both know.
    prune: undefined,
    lockFile: "yarn.lock",
    setUp: "corepack enable",
  },
  bun: {
    install: "bun install",
    cleanInstall: "bun install --frozen-lockfile",
    run: "bun run",
    start: "bun run start",
    // `bun test` is a test runner of its own.
    test: "bun run test",
    execute: "bunx",
    prune: "rm -rf node_modules && bun install --frozen-lockfile --production",
    lockFile: "bun.lock",
    setUp: "npm install --global bun",
  },
} as const;

export type PackageManager = keyof typeof PACKAGE_MANAGERS;

/** Names of the package managers. */
export const packageManagerNames = Object.keys(PACKAGE_MANAGERS) as PackageManager[];

/** The package manager whose `npx` (or `pnpm dlx`, …) started this process; npm when none did. */
export function callingPackageManager(env: Readonly<NodeJS.ProcessEnv>): PackageManager {
  const [name] = (env.npm_config_user_agent ?? "").split("/");
  return packageManagerNames.find((known) => known === name) ?? "npm";
}
