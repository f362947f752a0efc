import type { Caller } from "./model.js";

const base = process.env.IDENTITY_URL ?? "http://{{ name }}:8080";

/** Asks the service who is calling. Copy this file into the services that need it. */
export async function whoIs(authorization: string | undefined): Promise<Caller | undefined> {
  if (!authorization) return undefined;
  const answer = await fetch(new URL("/who", base), { headers: { authorization }, signal: AbortSignal.timeout(2_000) });
  if (answer.status === 401) return undefined;
  if (!answer.ok) throw new Error(`identity answered ${answer.status}`);
  return (await answer.json()) as Caller;
}
