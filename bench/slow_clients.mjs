// SPDX-License-Identifier: Apache-2.0
// A thousand connections that drip a byte a second, and what a clerk beside them waits (quality bar
// K5). usage: node bench/slow_clients.mjs ADDRESS TOKEN ACCOUNT PID [CONNECTIONS]
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';

const [address, token, account, pid, connections = '1000'] = process.argv.slice(2);
const { hostname, port } = new URL(address);
const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
const agent = new Agent({ keepAlive: true });
const ask = () =>
  new Promise((resolve, reject) => {
    const from = performance.now();
    get(`${address}/v1/accounts/${account}`, { agent, headers: { Authorization: `Bearer ${token}` } }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ ms: performance.now() - from, status: answer.statusCode }));
    }).on('error', reject);
  });
const measure = async (n) => {
  const times = [];
  let bad = 0;
  for (let i = 0; i < n; ++i) {
    const one = await ask();
    times.push(one.ms);
    bad += one.status >= 500;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  times.sort((a, b) => a - b);
  return { p50: times[n >> 1].toFixed(1), p99: times[Math.floor(n * 0.99)].toFixed(1), bad };
};
await measure(50);
const alone = await measure(500);
const before = rss();
let open = 0;
const sockets = Array.from({ length: Number(connections) }, () => {
  const socket = connect(Number(port), hostname, () => ++open);
  socket.on('error', () => undefined);
  socket.on('close', () => --open);
  socket.write('GET /v1/me HTTP/1.1\r\nX: ');
  return socket;
});
await new Promise((resolve) => setTimeout(resolve, 500));
const drip = setInterval(() => sockets.forEach((socket) => socket.writable && socket.write('a')), 1000);
const at_once = open;
const beside = await measure(500);
const after = rss();
await new Promise((resolve) => setTimeout(resolve, 11_000));
clearInterval(drip);
console.log(JSON.stringify({ connections: at_once, alone, beside, memory_mb_more: Math.round(after - before), still_open_after_deadline: open }));
process.exit(0);
