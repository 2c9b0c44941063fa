import { AckError } from "rookery/testing";

/** What a client gets: the value, or `{ error }` with its code and details. */
export async function answerOf(reply: Promise<unknown>): Promise<unknown> {
  try {
    return await reply;
  } catch (error) {
    if (!(error instanceof AckError)) throw error;
    return { error: { code: error.code, details: error.details } };
  }
}
