import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { HttpServerInstance } from "../../core.js";
import type { Health } from "./health.js";

/**
 * Answers `<path>/live` (200 as long as the process answers at all) and `<path>/ready` (503 when it should get no new
 * clients). What is wrong is for the log and not for whoever asks.
 *
 * @returns whether the request was one of these.
 */
export function serveHealth(health: Health, path: string, request: IncomingMessage, response: ServerResponse): boolean {
  const { method, url = "" } = request;
  if (method !== "GET" && method !== "HEAD") return false;
  const asked = url.split("?", 1)[0];
  if (asked === `${path}/live`) answer(response, 200, "live");
  else if (asked === `${path}/ready`) {
    void health.readiness().then(({ isReady }) => {
      answer(response, isReady ? 200 : 503, isReady ? "ready" : "not ready");
    });
  } else return false;
  return true;
}

/** Answers them on a server of somebody else's, whose own listeners keep every other request. */
export function serveHealthOn(server: HttpServerInstance, health: Health, path: string): void {
  const others = server.listeners("request") as RequestListener[];
  server.removeAllListeners("request");
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    if (serveHealth(health, path, request, response)) return;
    for (const listener of others) listener.call(server as never, request, response as never);
  });
}

/** Node leaves out the body of an answer to HEAD by itself. */
function answer(response: ServerResponse, status: number, text: string): void {
  const body = JSON.stringify({ status: text });
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": body.length,
    "Cache-Control": "no-store",
  });
  response.end(body);
}
