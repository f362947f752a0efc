type Level = "info" | "warn" | "error";

const format: string = process.env.LOG_FORMAT ?? "{{ logger }}";

/** Writes one line, as JSON or as text. Pass values as fields, never inside the message. */
export function log(level: Level, message: string, fields: Record<string, unknown> = {}): void {
  if (format === "text") {
    process.stdout.write(`${level} ${message} ${JSON.stringify(fields)}\n`);
    return;
  }
  process.stdout.write(JSON.stringify({ time: new Date().toISOString(), level, message, ...fields }) + "\n");
}
