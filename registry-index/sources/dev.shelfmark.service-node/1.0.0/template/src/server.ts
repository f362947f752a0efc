import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { randomUUID } from "node:crypto";
import { health } from "./health.js";
import { log } from "./log.js";

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

const routes: Record<string, Handler> = {
  "GET /": (_request, response) => reply(response, 200, { service: "{{ name }}" }),
  "GET /health": (_request, response) => reply(response, 200, health.live()),
};

export function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

export const server = createServer(async (request, response) => {
  const requestId = randomUUID();
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  const handler = routes[`${request.method} ${path}`];
  response.setHeader("x-request-id", requestId);
  try {
    if (handler) await handler(request, response);
    else reply(response, 404, { error: "not found" });
  } catch (error) {
    log("error", "request failed", { requestId, error: String(error) });
    if (!response.headersSent) reply(response, 500, { error: "internal error", requestId });
  }
  log("info", "request", { requestId, method: request.method, path, status: response.statusCode });
});

export function start(port: number): void {
  server.listen(port, () => {
    health.ready(true);
    log("info", "listening", { port });
  });
}
