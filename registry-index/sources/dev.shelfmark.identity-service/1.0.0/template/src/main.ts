import { createServer } from "node:http";
import { discover } from "./discovery.js";
import { Sessions } from "./sessions.js";

const sessions = new Sessions();
const provider = await discover("{{ issuer }}");

/** Answers the one question of other services: who is this? Sign-in begins at the provider. */
const server = createServer((request, response) => {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  if (request.method === "GET" && path === "/sign-in") {
    response.writeHead(302, { location: provider.authorization_endpoint }).end();
    return;
  }
  if (request.method !== "GET" || path !== "/who") {
    response.writeHead(404).end();
    return;
  }
  const id = (request.headers.authorization ?? "").replace(/^Bearer /, "");
  const session = sessions.find(id);
  response.writeHead(session ? 200 : 401, { "content-type": "application/json" });
  response.end(JSON.stringify(session?.caller ?? { error: "sign in first" }));
});

server.listen(Number(process.env.PORT ?? 8080));
