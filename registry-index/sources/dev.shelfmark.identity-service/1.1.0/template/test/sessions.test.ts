import { test } from "node:test";
import assert from "node:assert/strict";
import { Sessions } from "../src/sessions.js";

test("a session that has ended is not found", () => {
  let now = new Date("2026-01-01T09:00:00Z");
  const sessions = new Sessions(new Map(), () => now);
  const session = sessions.open({ kind: "person", id: "p1" });
  now = new Date("2026-01-02T09:00:01Z");
  assert.equal(sessions.find(session.id), undefined);
});

test("disabling a caller ends each of its sessions", () => {
  const sessions = new Sessions();
  sessions.open({ kind: "person", id: "p1" });
  sessions.open({ kind: "person", id: "p1" });
  sessions.open({ kind: "service", id: "s1" });
  assert.equal(sessions.endAll("p1"), 2);
});
