const MEND = "Choose another one: PORT=3001 npm start";

/** What to tell people when the chat could not start; `port` as it stood in the environment. */
export function explainFailure(error: unknown, port: string): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case "EADDRINUSE":
      return `Port ${port} is taken by another program. ${MEND}`;
    case "EACCES":
      return `Port ${port} needs more rights than you have. ${MEND}`;
    case "ERR_SOCKET_BAD_PORT":
      return `PORT is "${port}", and a port is a whole number from 0 to 65535. ${MEND}`;
    default:
      return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
