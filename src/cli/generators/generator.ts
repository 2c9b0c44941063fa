/** A name in the forms that files and code take. */
export interface GivenName {
  /** `chat-room`: files, namespaces. */
  readonly kebab: string;
  /** `ChatRoom`: classes. */
  readonly pascal: string;
  /** `chatRoom`: properties and variables. */
  readonly camel: string;
}

/** A file that a generator writes. */
export interface GeneratedFile {
  /** Relative to the folder that the files go into, with slashes. Specs (`*.spec.ts`) are left out with `--no-spec`. */
  readonly path: string;
  readonly content: string;
}

/** A class that belongs to a module. */
export interface Registration {
  /** The list of `@Module` that it goes into. */
  readonly list: "imports" | "providers";
  readonly className: string;
  /** Path of the file that exports it, as `GeneratedFile.path`. */
  readonly path: string;
}

/** Makes the files of one kind; a collection exports some as `generators`. */
export interface Generator {
  /** What it is called by: `rookery generate <kind>`. */
  readonly kind: string;
  readonly aliases?: readonly string[];
  /** One line for the help. */
  readonly summary: string;
  /** The folder that the files go into, where `--flat` does not say otherwise; default: the name. */
  readonly folder?: string;
  readonly files: (name: GivenName) => readonly GeneratedFile[];
  /** What the nearest module is told of; nothing by default. */
  readonly registration?: (name: GivenName) => Registration;
  /** Packages that the files import beside `rookery`, which package.json then lists. */
  readonly dependencies?: readonly string[];
  /** What is left to the user, in one line. */
  readonly hint?: (name: GivenName) => string;
}
