/**
 * The layers of src, held by a tool:
 *
 *   common <- engineio <- socketio <- eio3 <- core.ts <- framework <- index.ts
 *                                                ^-  testing (core + framework)
 *   client and cli stand beside them
 *
 * test/house/boundaries.spec.ts breaks every rule once and sees it reported by its name.
 */

/** What a layer may import of src beside its own files. */
const mayImport = {
  common: [],
  engineio: ["common/index"],
  socketio: ["common/index", "engineio/index"],
  eio3: ["common/index", "engineio/index", "socketio/index"],
  framework: ["common/index", "core"],
  testing: ["core", "framework/index"],
  client: ["common/index"],
  cli: [],
};

/** The composition roots: files directly in src. */
const rootMayImport = {
  core: ["common/index", "engineio/index", "socketio/index", "eio3/index"],
  index: ["core", "framework/index"],
};

/** Third-party packages and the only folder that imports each of them. */
const owners = {
  ws: "engineio/",
  "engine.io-parser": "engineio/",
  cookie: "engineio/http/",
  cors: "engineio/http/",
  "socket.io-parser": "socketio/",
  "socket.io-adapter": "socketio/",
  inversify: "framework/container/",
  "reflect-metadata": "framework/metadata/",
  "class-validator": "framework/validation/",
  "class-transformer": "framework/validation/",
  "rate-limiter-flexible": "framework/limits/",
  "socket.io-client": "client/",
  commander: "cli/",
  "@clack/prompts": "cli/",
  picocolors: "cli/",
  "fastest-levenshtein": "cli/",
  "validate-npm-package-name": "cli/new/",
  "@babel/parser": "cli/generate/",
  diff: "cli/generate/",
  "get-tsconfig": "cli/build/",
  tinyglobby: "cli/build/",
};

const escape = (text) => text.replace(/[.\-/]/g, "\\$&");
const files = (names) => names.map((name) => `^src/${escape(name)}\\.ts$`);
const knownPlaces = [`^src/(${Object.keys(mayImport).join("|")})/`, ...files(Object.keys(rootMayImport))];
const packageFiles = (name) => `(^|/)node_modules/(@types/)?${escape(name)}/`;

const layerRules = Object.entries(mayImport).map(([layer, allowed]) => ({
  name: `layer-${layer}`,
  comment: `${layer} imports of src only: ${allowed.join(", ") || "nothing"}.`,
  severity: "error",
  from: { path: `^src/${layer}/` },
  to: { path: "^src/", pathNot: [`^src/${layer}/`, ...files(allowed)] },
}));

const rootRules = Object.entries(rootMayImport).map(([root, allowed]) => ({
  name: `root-${root}`,
  comment: `${root}.ts composes: ${allowed.join(", ")}.`,
  severity: "error",
  from: { path: `^src/${root}\\.ts$` },
  to: { path: "^src/", pathNot: files(allowed) },
}));

const ownerRules = Object.entries(owners).map(([name, folder]) => ({
  name: `owner-of-${name}`,
  comment: `${name} is imported by src/${folder} alone.`,
  severity: "error",
  from: { path: "^src/", pathNot: `^src/${escape(folder)}` },
  to: { path: packageFiles(name) },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...layerRules,
    ...rootRules,
    ...ownerRules,
    ...[
      { from: { path: "^src/", pathNot: knownPlaces }, to: {} },
      { from: {}, to: { path: "^src/", pathNot: knownPlaces } },
    ].map((edge) => ({
      name: "known-place",
      comment: "A file of src belongs to a layer or is a composition root; name a new one in this file first.",
      severity: "error",
      ...edge,
    })),
    {
      name: "client-takes-types",
      comment: "The client runs in browsers: of common it takes types only.",
      severity: "error",
      from: { path: "^src/client/" },
      to: { path: "^src/common/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "package-has-owner",
      comment: "Name the folder that owns the package in this file, then import it there only.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "(^|/)node_modules/", pathNot: Object.keys(owners).map(packageFiles) },
    },
    {
      name: "package-is-dependency",
      comment:
        "What src imports at run time is installed with the package: a dependency or a peer, not a devDependency.",
      severity: "error",
      from: { path: "^src/" },
      to: {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
        dependencyTypesNot: ["npm", "npm-peer", "type-only"],
      },
    },
    {
      name: "import-resolves",
      severity: "error",
      from: { path: "^src/" },
      to: { couldNotResolve: true },
    },
    {
      name: "src-imports-src",
      comment: "Tests, benchmarks and the sample app build on src, never the other way.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(test|bench|sample-app|dist)/" },
    },
    {
      name: "testing-without-network",
      comment: "The testing kit enters the engine by its in-memory transport: no sockets, no HTTP.",
      severity: "error",
      from: { path: "^src/testing/" },
      to: { dependencyTypes: ["core"], path: "^(node:)?(net|tls|dgram|http|https|http2)$" },
    },
    {
      name: "no-runtime-cycle",
      comment: "Decorated classes in a cycle fail at load; other cycles hide the order of initialisation.",
      severity: "error",
      from: { path: "^src/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-type-cycle",
      comment: "Only socketio/, where server, namespace and socket name each other's types, may have type-only cycles.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/socketio/" },
      to: { circular: true },
    },
  ],
  options: {
    // Files of other people's projects, to be: they import Rookery as everybody does.
    exclude: { path: "^src/cli/templates/" },
    doNotFollow: { path: "(^|/)node_modules/" },
    tsPreCompilationDeps: true,
    // Packages without `main`, inversify among them, resolve through `exports` alone; without this their rules are blind.
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node", "default"] },
  },
};
