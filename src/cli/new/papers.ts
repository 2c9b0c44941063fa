import { PACKAGE_MANAGERS } from "./package-manager.js";
import type { ProjectFile, ProjectPlan } from "./project-plan.js";

/** The files that people and servers read: README, the gate, the image, what to ignore. */
export function paperFiles(plan: ProjectPlan): ProjectFile[] {
  return [
    { path: "README.md", content: readme(plan) },
    { path: ".ci/run", content: gate(plan), isExecutable: true },
    { path: "Dockerfile", content: dockerfile(plan) },
    { path: ".dockerignore", content: lines([".git", "coverage", "dist", "node_modules"]) },
    { path: ".gitignore", content: lines(["node_modules/", "dist/", "coverage/", "*.log", ".env"]) },
    { path: ".prettierignore", content: lines(["coverage/", "dist/", PACKAGE_MANAGERS[plan.packageManager].lockFile]) },
  ];
}

const TEXTS = {
  minimal: {
    started: "http://localhost:3000 answers Socket.IO clients",
    about: `The app answers the event \`greet\`: \`await io("http://localhost:3000").emitWithAck("greet", { name: "Ann" })\`.`,
    folder: "src/greeting",
  },
  chat: {
    started: "the chat is on http://localhost:3000",
    about: "Open the page in two windows, and say something.",
    folder: "src/chat",
  },
} as const;

function readme({ name, template, packageManager }: ProjectPlan): string {
  const { install, run, start, test, execute } = PACKAGE_MANAGERS[packageManager];
  const { started, about, folder } = TEXTS[template];
  const [startLine, testLine] = alignComments([
    [`${install} && ${start}`, `${started} (PORT=3001 for another port)`],
    [`${install} && ${test}`, "unit tests, gateways in memory, and one server with a real client"],
  ]);
  return `# ${name}

A realtime application on Rookery, with Node.js 20.19 or newer:

\`\`\`sh
${startLine}
${testLine}
\`\`\`

${about}

## Where things are

- \`src/main.ts\` starts the app, \`src/app.module.ts\` lists its modules.
- \`${folder}\` has the gateway, its service, the DTO classes that payloads are checked against, and the tests beside them.
- \`test\` has the end-to-end tests: a real server and a real client.
- \`nest-cli-like.json\` is what the \`rookery\` command reads.

## While working

- \`${run} dev\` restarts the app at every change.
- \`${execute} rookery generate gateway <name>\` adds a gateway with its test; \`${execute} rookery --help\` lists the rest.
- \`.ci/run\` is the gate: formatting, lint, types, build and tests, from a clean clone.
- \`docker build .\` makes an image of the app.
`;
}

function alignComments(commands: readonly (readonly [command: string, comment: string])[]): string[] {
  const width = Math.max(...commands.map(([command]) => command.length));
  return commands.map(([command, comment]) => `${command.padEnd(width)}   # ${comment}`);
}

function gate({ packageManager }: ProjectPlan): string {
  const { cleanInstall, run } = PACKAGE_MANAGERS[packageManager];
  return `#!/usr/bin/env bash
# The gate: from a clean clone to the verdict. Stops at the first step that fails.
set -euo pipefail
cd "$(dirname "\${BASH_SOURCE[0]}")/.."

${cleanInstall}
${run} format:check
${run} lint
${run} types
${run} build
${run} test
`;
}

function dockerfile({ packageManager, rookery }: ProjectPlan): string {
  const { setUp, cleanInstall, run, prune } = PACKAGE_MANAGERS[packageManager];
  const local = rookery.startsWith("file:")
    ? "# package.json takes rookery from this machine: give it a version before you build an image.\n"
    : "";
  const steps = [setUp, cleanInstall, `${run} build`, prune].filter((step) => step !== undefined);
  return `${local}FROM node:22-slim AS build
WORKDIR /app
COPY . .
RUN ${steps.join(" \\\n && ")}

FROM node:22-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=node:node /app ./
USER node
EXPOSE 3000
# Node itself: a signal reaches the app, which then lets what is in flight end.
CMD ["node", "dist/main.js"]
`;
}

function lines(items: readonly string[]): string {
  return `${items.join("\n")}\n`;
}
