import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { server } from "../src/server.js";

let base = "";
before(() => new Promise<void>((done) => server.listen(0, () => {
  base = `http://localhost:${(server.address() as AddressInfo).port}`;
  done();
})));
after(() => { server.close(); });

test("the root names the service", async () => {
  const answer = await fetch(base);
  assert.deepEqual(await answer.json(), { service: "{{ name }}" });
});

test("an unknown path answers 404 with a request id", async () => {
  const answer = await fetch(`${base}/nowhere`);
  assert.equal(answer.status, 404);
  assert.match(answer.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
});
