/** What the chat does not allow, in words for people. Services throw it and know nothing of gateways. */
export class ChatError extends Error {
  /** @param code - for programs. */
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
