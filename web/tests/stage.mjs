// SPDX-License-Identifier: Apache-2.0
// A real city, a real server, a real browser; and what a person does there, counted.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const root = new URL('../..', import.meta.url).pathname;
const program = process.env.WATTHOUR ?? join(root, 'build/dev/bin/watthour');
export const password = 'correct horse battery';

export class City {
  static async open({ accounts = 500, until = '2026-06-09', database } = {}) {
    const city = new City();
    city.folder = mkdtempSync(join(tmpdir(), 'watthour-web-'));
    city.env = { ...process.env, WATTHOUR_DB: database ?? `sqlite:${city.folder}/city.db`, WATTHOUR_USER: '', WATTHOUR_KEY_FILE: `${city.folder}/city.key` };
    delete city.env.WATTHOUR_USER;
    city.run('utility', 'create', '--sample', '--accounts', String(accounts), '--out', `${city.folder}/files`);
    city.run('sample', 'live', '--until', until, '--out', `${city.folder}/files`);
    await city.serve();
    return city;
  }
  run(...args) {
    try {
      return execFileSync(program, args, { env: this.env, cwd: this.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    } catch (failure) {
      // 1: done, with rows or accounts that wait as work items.
      if (failure.status === 1) return failure.stdout;
      throw new Error(`watthour ${args.join(' ')}: ${failure.stderr}`);
    }
  }
  /** The same command, done by the server. */
  runThere(...args) {
    const env = { ...this.env, WATTHOUR_DB: 'sqlite:nowhere.db', WATTHOUR_SERVER: this.address, XDG_CONFIG_HOME: this.folder };
    try {
      return { code: 0, out: execFileSync(program, args, { env, cwd: this.folder, encoding: 'utf8', input: `${password}\n`, stdio: ['pipe', 'pipe', 'pipe'] }) };
    } catch (failure) {
      return { code: failure.status, out: failure.stdout, err: failure.stderr };
    }
  }
  async serve() {
    this.server = spawn(program, ['serve', '--port', '0', '--log', `${this.folder}/log.jsonl`], { env: this.env, cwd: this.folder });
    this.server.stderr.on('data', (text) => process.stderr.write(text));
    this.address = await new Promise((resolve, reject) => {
      let text = '';
      this.server.stdout.on('data', (part) => {
        text += part;
        const found = /workbench is at (http:\S+)\//.exec(text);
        if (found) resolve(found[1]);
      });
      this.server.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${text}`)));
    });
  }
  async giveEntrance(user) {
    const { link } = JSON.parse(this.run('user', 'link', user, '--json'));
    const set = await fetch(`${this.address}/v1/passwords`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ link, password }) });
    if (!set.ok) throw new Error(await set.text());
  }
  async token(user) {
    const entered = await fetch(`${this.address}/v1/sessions`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ user, password }) });
    return (await entered.json()).token;
  }
  async ask(token, method, path, body, headers = {}) {
    return fetch(this.address + path, { method, headers: { Authorization: `Bearer ${token}`, ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers }, body: body ? JSON.stringify(body) : undefined });
  }
  async close() {
    this.server.removeAllListeners('exit');
    this.server.kill('SIGTERM');
    await new Promise((resolve) => this.server.on('exit', resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** A person at the workbench. Keys, clicks and seconds are counted; the estimate of a person's time
 * is the keystroke-level model: a key 0.28 s, a pointing 1.1 s, a thought 1.35 s a step. */
export class Person {
  static async sit(browser, city, user, { language = 'en', width = 1366, height = 768, scheme = 'light', zoom = 1 } = {}) {
    const person = new Person();
    person.context = await browser.newContext({ viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) }, colorScheme: scheme, locale: language === 'es' ? 'es-US' : 'en-US', timezoneId: 'America/Los_Angeles' });
    person.page = await person.context.newPage();
    person.city = city;
    person.failures = [];
    person.page.on('pageerror', (error) => person.failures.push(String(error)));
    person.page.on('console', (line) => {
      if (line.type() === 'error' && !/status of (4\d\d|503)/.test(line.text())) person.failures.push(line.text());
    });
    person.page.on('dialog', (dialog) => {
      person.failures.push(`a script asked: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await person.page.goto(`${city.address}/`);
    await person.page.locator('input[autocomplete=username]').fill(user);
    await person.page.locator('input[type=password]').fill(password);
    await person.page.keyboard.press('Enter');
    await person.page.locator('header.top').waitFor();
    await person.settled();
    return person;
  }
  start() {
    this.keys = 0;
    this.clicks = 0;
    this.thoughts = 0;
    this.began = performance.now();
  }
  async press(...keys) {
    for (const key of keys) {
      await this.page.keyboard.press(key);
      ++this.keys;
    }
  }
  async type(text) {
    await this.page.keyboard.type(text);
    this.keys += text.length;
  }
  async click(locator) {
    await locator.click();
    ++this.clicks;
  }
  think() {
    ++this.thoughts;
  }
  stop() {
    const machine = (performance.now() - this.began) / 1000;
    const person = this.keys * 0.28 + this.clicks * 1.1 + this.thoughts * 1.35;
    return { keys: this.keys, clicks: this.clicks, machine, seconds: machine + person };
  }
  async settled() {
    await this.page.waitForFunction(() => !document.querySelector('[aria-busy=true]'));
  }
  async go(path) {
    await this.page.goto(`${this.city.address}/w${path}`);
    await this.page.locator('header.top').waitFor();
    await this.settled();
  }
}
