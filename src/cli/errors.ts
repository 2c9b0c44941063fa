/**
 * Coded errors of the command line. The CLI imports no other layer, so that a command loads nothing but itself; the rows
 * have the shape of every layer's table.
 */
interface CliErrorRow {
  /** What happened. `{name}` is replaced by the value of that name. */
  readonly message: string;
  /** What to do about it, in one sentence. */
  readonly mend: string;
}

/** Every error of the CLI. Each row is explained in docs/errors.md. */
export const CLI_ERRORS = {
  CLI_BAD_CLASS_NAME: {
    message: '"{name}" cannot be the name of a {kind}: {problem}',
    mend: "Take letters, digits and dashes, a letter first; folders may stand before it: orders/line-item.",
  },
  CLI_BAD_COLLECTION: {
    message: "the collection {collection} {problem}",
    mend: "See collections in nest-cli-like.json: a folder or a package whose module exports the list generators.",
  },
  CLI_BAD_MODULE: {
    message: "{file} {problem}",
    mend: "Register the class there by hand, or name another module by --module; --skip-import registers it nowhere.",
  },
  CLI_BAD_NAME: {
    message: '"{name}" cannot be the name of a project: {problem}',
    mend: "Take a name that npm takes: lower-case letters, digits and dashes, with or without a @scope/.",
  },
  CLI_BAD_ROOKERY: {
    message: '--rookery is "{value}", {problem}',
    mend: "Name a checkout of rookery, a packed tarball (.tgz), or a version such as ^1.2.0 or latest.",
  },
  CLI_BAD_TSCONFIG: {
    message: "{file} {problem}",
    mend: "{mend}",
  },
  CLI_BAD_WORKSPACE: {
    message: "{file}: {problem}",
    mend: "{mend}",
  },
  CLI_BUILD_FAILED: {
    message: "the build failed: {problem}",
    mend: "See the messages above; nothing is started until they are gone.",
  },
  CLI_FILE: {
    message: "{path} cannot be {done}",
    mend: "See the cause; check who owns the folder, and the space on its disk.",
  },
  CLI_FILE_DIFFERS: {
    message: "there already, and different: {files}",
    mend: "Take another name, or replace them with --force; --force --dry-run shows what would change.",
  },
  CLI_FOLDER_NOT_EMPTY: {
    message: "the folder {folder} exists already and is not empty",
    mend: "Take another name, or write into the folder all the same with --force: files of the same names are replaced.",
  },
  CLI_INSTALL_FAILED: {
    message: "the project is there, but {command} failed in {folder}",
    mend: "See the output above; when its reason is gone, run {command} there.",
  },
  CLI_INTERRUPTED: {
    message: "interrupted by {signal}",
    mend: "Nothing was left half-written; run the command again.",
  },
  CLI_NEEDS_ANSWER: {
    message: "{what} is missing, and without a terminal nobody can be asked",
    mend: "Say it on the command line: {flag}.",
  },
  CLI_NEEDS_PROJECT: {
    message: "{file} has several projects: {projects}",
    mend: "Choose one by --project, or run the command in its folder.",
  },
  CLI_NODE_VERSION: {
    message: "this is Node.js {version}, and rookery needs {wanted}",
    mend: "Install a newer Node.js; every release line that is still maintained will do.",
  },
  CLI_NO_CONTRACT: {
    message: "{file} does not tell what it serves: {problem}",
    mend: "The app has to come to app.listen(), app.attach() or app.init(); see the messages above.",
  },
  CLI_NO_ENTRY: {
    message: "the build has no {file}",
    mend: "See entryFile and sourceRoot in nest-cli-like.json, outDir and rootDir in {tsconfig}.",
  },
  CLI_NO_FILE: {
    message: "there is no {file}",
    mend: "Correct the path that {option} names; it is relative to where the command runs.",
  },
  CLI_NO_MODULE: {
    message: "{problem}",
    mend: "{mend}; --skip-import registers the class nowhere.",
  },
  CLI_NO_PROGRAM: {
    message: "{program} is not installed, or not on the PATH",
    mend: "{mend}",
  },
  CLI_NO_SOURCES: {
    message: "there is no folder {folder} for the sources of an app",
    mend: "{mend}",
  },
  CLI_OUTSIDE: {
    message: "{folder} is not within {sources}",
    mend: "Generated files go below the sources: see --path, and baseDir in nest-cli-like.json.",
  },
  CLI_UNEXPECTED: {
    message: "the command ended unexpectedly: {detail}",
    mend: "This is a fault of rookery: report it with the lines above and the command line.",
  },
  CLI_UNKNOWN_KIND: {
    message: "there is no generator {kind}",
    mend: "{mend}",
  },
  CLI_UNKNOWN_PROJECT: {
    message: '{file} has no project "{project}"',
    mend: "{mend}",
  },
  CLI_USAGE: {
    message: "{problem}",
    mend: "{mend}",
  },
} as const satisfies Readonly<Record<string, CliErrorRow>>;

/** Codes of `CliError`. */
export type CliErrorCode = keyof typeof CLI_ERRORS;

/** What a `CliError` is made with beside its code. */
export interface CliErrorOptions {
  /** Values for the placeholders of message and mend. */
  readonly values?: Readonly<Record<string, string | number>>;
  readonly cause?: unknown;
}

/** Registered globally: jest's realms still recognise the error, where `instanceof` does not. */
const BRAND = Symbol.for("rookery.cliError");

/** A failure that the user can mend. */
export class CliError extends Error {
  readonly code: CliErrorCode;
  readonly mend: string;
  readonly values: NonNullable<CliErrorOptions["values"]>;
  readonly [BRAND] = true;

  constructor(code: CliErrorCode, { values = {}, cause }: CliErrorOptions = {}) {
    const row = CLI_ERRORS[code];
    super(fill(row.message, values), cause === undefined ? undefined : { cause });
    this.name = "CliError";
    this.code = code;
    this.values = values;
    this.mend = fill(row.mend, values);
  }

  static is(value: unknown, code?: CliErrorCode): value is CliError {
    if (typeof value !== "object" || value === null || !(BRAND in value)) return false;
    return code === undefined || (value as CliError).code === code;
  }
}

function fill(template: string, values: CliError["values"]): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
