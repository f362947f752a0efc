// A real web server for what browsers are measured on: nginx with HTTP/2, a
// certificate of its own and gzip for text, as static hosts do.
import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { createHash, X509Certificate } from "node:crypto";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function certificate(work) {
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", `${work}/key.pem`,
    "-out", `${work}/certificate.pem`, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"], { stdio: "ignore" });
  const key = new X509Certificate(readFileSync(`${work}/certificate.pem`)).publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(key).digest("base64");
}

/**
 * Serves a folder. A built site brings its own `nginx.conf`; any other folder gets long-lived caching.
 * `pin` is what Chromium needs to trust the certificate, without which it would cache nothing.
 */
export async function startNginx(folder) {
  const work = mkdtempSync(path.join(tmpdir(), "shelfmark-search-"));
  const pin = certificate(work);
  const port = await freePort();
  const preset = existsSync(path.join(folder, "nginx.conf")) ? readFileSync(path.join(folder, "nginx.conf"), "utf8") : `add_header Cache-Control "public, max-age=3600";\n`;
  writeFileSync(`${work}/site.conf`, preset);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${work}/${kind};`).join(" ");
  writeFileSync(`${work}/nginx.conf`, `daemon off; pid ${work}/pid; ${process.getuid() === 0 ? "user root;" : ""} worker_processes 1; error_log stderr warn; events {}
http { include /etc/nginx/mime.types; access_log off; sendfile on; tcp_nopush on; ${temporary}
types { text/javascript mjs; application/wasm wasm; }
gzip on; gzip_comp_level 6; gzip_min_length 256; gzip_types text/css text/javascript application/javascript application/json image/svg+xml;
server { listen 127.0.0.1:${port} ssl http2; ssl_certificate certificate.pem; ssl_certificate_key key.pem; root ${path.resolve(folder)};
location = /blank-page-of-the-benchmark { default_type text/html; return 200 "<!doctype html><link rel=icon href=data:,><title>blank</title>"; }
include ${work}/site.conf; } }\n`);
  const server = spawn("nginx", ["-c", `${work}/nginx.conf`, "-p", work, "-e", "stderr"], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  server.stderr.on("data", (chunk) => (said += chunk));
  const stop = () => {
    server.kill();
    rmSync(work, { recursive: true, force: true });
  };
  process.once("exit", stop);
  for (let attempt = 0; attempt < 100 && !existsSync(`${work}/pid`); attempt += 1) {
    if (server.exitCode !== null) throw new Error(`nginx ended: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  if (!existsSync(`${work}/pid`)) throw new Error(`nginx does not start: ${said}`);
  const url = `https://127.0.0.1:${port}/`;
  return { url, blank: `${url}blank-page-of-the-benchmark`, pin, stop };
}
