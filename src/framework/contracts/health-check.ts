/** Something that the application cannot serve without, such as its database. */
export interface HealthCheck {
  /** What it checks, for the log. */
  readonly name: string;
  /** Throws, rejects, or returns or resolves `false` when it is not well; anything else means that it is. */
  check(): unknown;
}
