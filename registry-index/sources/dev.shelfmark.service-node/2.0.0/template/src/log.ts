type Level = "info" | "warn" | "error";

/** Writes one JSON line. Pass values as fields, never inside the message. */
export function log(level: Level, message: string, fields: Record<string, unknown> = {}): void {
  process.stdout.write(JSON.stringify({ time: new Date().toISOString(), level, message, ...fields }) + "\n");
}
