import cors, { type CorsOptions, type CorsOptionsDelegate } from "cors";
import type { Middleware } from "./middleware.js";

/** Options of the `cors` package, or a function that gives them for each request. */
export type CorsSetting = CorsOptions | CorsOptionsDelegate;

/** Answers preflight requests and adds the headers that let a page of another origin read the responses. */
export function corsMiddleware(setting: CorsSetting): Middleware {
  return cors(setting as CorsOptions);
}
