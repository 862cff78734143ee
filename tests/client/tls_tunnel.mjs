// SPDX-License-Identifier: MIT
// Usage: node tests/client/tls_tunnel.mjs COMMAND [ARGUMENT…]
// For clients that speak no TLS: runs COMMAND with TUNNEL=host:port, a plain port whose bytes go
// through TLS to GATE_TLS_URL, each connection by itself. The certificate is verified.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { connect } from 'node:tls';

const to = new URL(process.env.GATE_TLS_URL);
const ca = readFileSync(`${process.env.GATE_TLS_FILES}/ca.crt`);

/* Each end of one side ends the other: a half-closed client still reads its answer. */
function join(client) {
  const server = connect({ host: to.hostname, port: Number(to.port), ca, allowHalfOpen: true });
  client.pipe(server);
  server.pipe(client);
  client.on('error', () => server.destroy());
  server.on('error', () => client.destroy());
  client.on('close', () => server.destroy());
  server.on('close', () => client.destroy());
}

const tunnel = createServer({ allowHalfOpen: true }, join);
tunnel.listen(0, '127.0.0.1', () => {
  const [command, ...rest] = process.argv.slice(2);
  const child = spawn(command, rest, { stdio: 'inherit',
    env: { ...process.env, TUNNEL: `127.0.0.1:${tunnel.address().port}` } });
  child.on('exit', (code) => process.exit(code ?? 1));
});
