// SPDX-License-Identifier: Apache-2.0
// Fifty clerks at one server while a cycle run and an import go on beside them (quality bar N1).
// usage: node bench/clerks.mjs PATH-OF-WATTHOUR [ACCOUNTS] [SECONDS] [CLERKS]
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [program, accounts = '5000', seconds = '60', clerks = '50'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'watthour-clerks-'));
const env = { ...process.env, WATTHOUR_DB: process.env.WATTHOUR_BENCH_DB ?? `sqlite:${folder}/city.db`, WATTHOUR_KEY_FILE: `${folder}/city.key` };
const run = (...args) => {
  try {
    return execFileSync(program, args, { env, cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 });
  } catch (failure) {
    if (failure.status === 1) return failure.stdout;
    throw new Error(failure.stderr);
  }
};
console.error(`making a city of ${accounts} accounts`);
run('utility', 'create', '--sample', '--accounts', accounts, '--out', `${folder}/files`);
run('sample', 'live', '--until', '2025-07-03', '--out', `${folder}/files`);
const { password } = JSON.parse(run('sample', 'staff', '--json'));
const begun = performance.now();
const server = spawn(program, ['serve', '--port', '0'], { env, cwd: folder });
const address = await new Promise((resolve) => {
  let text = '';
  server.stdout.on('data', (part) => {
    text += part;
    const found = /workbench is at (http:\S+)\//.exec(text);
    if (found) resolve(found[1]);
  });
});
const start = performance.now() - begun;
const agent = new Agent({ keepAlive: true, maxSockets: 200 });
const ask = (token, method, path, body, headers = {}) =>
  new Promise((resolve, reject) => {
    const text = body ? JSON.stringify(body) : undefined;
    const asked = request(address + path, { agent, method, headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(text ? { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) } : {}), ...headers } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode, body: Buffer.concat(parts).toString() }));
    });
    asked.on('error', reject);
    asked.end(text);
  });
const enter = async (user) => JSON.parse((await ask('', 'POST', '/v1/sessions', { user, password })).body).token;
const tokens = { csr: await enter('c.diaz'), lee: await enter('s.lee') };
const list = JSON.parse((await ask(tokens.lee, 'GET', '/v1/accounts?limit=200')).body).items;
const bills = JSON.parse((await ask(tokens.lee, 'GET', '/v1/bills?from=2025-06-01&until=2025-07-20&limit=200')).body).items;
await ask(tokens.lee, 'GET', '/v1/search?q=ana');
const any = (rows) => rows[Math.floor(Math.random() * rows.length)];
const reads = [];
const writes = [];
const failures = [];
const until = Date.now() + Number(seconds) * 1000;
const timed = async (into, ...question) => {
  const from = performance.now();
  const answer = await ask(...question);
  into.push(performance.now() - from);
  if (answer.status >= 500) failures.push(`${question[2]}: ${answer.status}`);
};
async function clerk(number) {
  let write = 0;
  while (Date.now() < until) {
    const account = any(list);
    await timed(reads, tokens.csr, 'GET', `/v1/search?q=${encodeURIComponent(account.name.slice(0, 5))}`);
    await timed(reads, tokens.csr, 'GET', `/v1/accounts/${account.account}`);
    await timed(reads, tokens.csr, 'GET', `/v1/accounts/${account.account}/past?kinds=bill,payment,note`);
    if (Math.random() < 0.5) await timed(reads, tokens.csr, 'GET', `/v1/bills/${any(bills).bill}/explanation`);
    if (Math.random() < 0.3) await timed(reads, tokens.lee, 'GET', '/v1/work-items');
    if (Math.random() < 0.4) await timed(writes, tokens.lee, 'POST', '/v1/payments', { account: account.account, amount: '1.00', tender: 'cash' }, { 'Idempotency-Key': `${number}-${++write}` });
    if (Math.random() < 0.2) await timed(writes, tokens.csr, 'POST', `/v1/accounts/${account.account}/notes`, { text: `clerk ${number} ${Math.random()}` });
    await new Promise((resolve) => setTimeout(resolve, 1000 + Math.random() * 4000));
  }
}
let runs = 0;
async function night() {
  const due = JSON.parse((await ask(tokens.lee, 'GET', '/v1/cycles/due?date=2025-07-08')).body).items;
  for (let i = 0; Date.now() < until && i < due.length; ++i) {
    const job = JSON.parse((await ask(tokens.lee, 'POST', '/v1/jobs', { kind: 'cycle_run', parameters: [`cycle=${due[i].cycle}`, 'date=2025-07-08'] }, { 'Idempotency-Key': `night-${i}` })).body);
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      if (JSON.parse((await ask(tokens.lee, 'GET', `/v1/jobs/${job.job}`)).body).state === 'done') break;
    }
    ++runs;
  }
}
const files = run('sample', 'deliver', '--date', '2025-07-03', '--out', `${folder}/files`).trim().split('\n').map((line) => line.split(' '));
async function imports() {
  for (const [format, path] of files) {
    if (Date.now() >= until) return;
    await new Promise((resolve) => spawn(program, ['import', '--format', format, '--date', '2025-07-03', '--ok-if-done', path], { env, cwd: folder, stdio: 'ignore' }).on('exit', resolve));
  }
}
await Promise.all([night(), imports(), ...Array.from({ length: Number(clerks) }, (_, i) => clerk(i))]);
const rss = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) / 1024;
const at = (rows, share) => Number(rows.sort((a, b) => a - b)[Math.min(rows.length - 1, Math.floor(rows.length * share))]?.toFixed(1));
console.log(JSON.stringify({ accounts: Number(accounts), clerks: Number(clerks), seconds: Number(seconds), reads: reads.length, read_p50_ms: at(reads, 0.5), read_p99_ms: at(reads, 0.99), writes: writes.length, write_p50_ms: at(writes, 0.5), write_p99_ms: at(writes, 0.99), server_errors: failures.length, cycle_runs: runs, memory_mb: Math.round(rss), start_ms: Math.round(start) }, null, 1));
if (failures.length > 0) console.error(failures.slice(0, 5).join('\n'));
server.kill('SIGTERM');
await new Promise((resolve) => server.on('exit', resolve));
rmSync(folder, { recursive: true, force: true });
process.exit(0);
