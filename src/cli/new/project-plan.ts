import type { PackageManager } from "./package-manager.js";

/** The templates, and what they are for. */
export const TEMPLATES = {
  minimal: "one gateway with its service and its tests",
  chat: "rooms, history, a guard, and a page to try it",
} as const;

export type Template = keyof typeof TEMPLATES;

/** The module systems. Node 20.19 loads Rookery, which is ESM, from both. */
export const MODULE_KINDS = { esm: "ES modules", cjs: "CommonJS" } as const;

export type ModuleKind = keyof typeof MODULE_KINDS;

/** All that is known of a project before its first file is written. */
export interface ProjectPlan {
  /** As in package.json; may have a scope. */
  readonly name: string;
  /** Absolute path. */
  readonly folder: string;
  readonly template: Template;
  readonly module: ModuleKind;
  readonly packageManager: PackageManager;
  /** The strictest rules of TypeScript and the linter, beyond `strict` and the recommended ones. */
  readonly isStrict: boolean;
  /** What package.json says of `rookery`: a range, a tag, or `file:` and a path relative to the project. */
  readonly rookery: string;
}

/** A file of a project. */
export interface ProjectFile {
  /** Relative to the project, with slashes. */
  readonly path: string;
  readonly content: string;
  readonly isExecutable?: boolean;
}
