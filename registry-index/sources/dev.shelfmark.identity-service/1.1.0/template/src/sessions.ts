import { randomBytes } from "node:crypto";
import type { Caller, Session } from "./model.js";

const MINUTE = 60_000;

/** Sessions in memory; give `store` a database behind the same three methods to share them. */
export class Sessions {
  constructor(private readonly store = new Map<string, Session>(), private readonly now = () => new Date()) {}

  open(caller: Caller): Session {
    const at = this.now();
    const session = { id: newId(), caller, openedAt: at, rotatedAt: at, endsAt: new Date(at.getTime() + {{ session_minutes }} * MINUTE) };
    this.store.set(session.id, session);
    return session;
  }

  /** Returns the session, or nothing when it is unknown or has ended. */
  find(id: string): Session | undefined {
    const session = this.store.get(id);
    if (session && session.endsAt > this.now()) return session;
    this.store.delete(id);
    return undefined;
  }

  /** Gives an old session a new id, so a stolen id is soon worthless. */
  rotate(session: Session): Session {
    const at = this.now();
    if (at.getTime() - session.rotatedAt.getTime() < {{ rotate_minutes }} * MINUTE) return session;
    const next = { ...session, id: newId(), rotatedAt: at };
    this.store.delete(session.id);
    this.store.set(next.id, next);
    return next;
  }

  endAll(callerId: string): number {
    let ended = 0;
    for (const [id, session] of this.store) {
      if (session.caller.id === callerId) {
        this.store.delete(id);
        ended += 1;
      }
    }
    return ended;
  }
}

const newId = () => randomBytes(32).toString("base64url");
