// SPDX-License-Identifier: Apache-2.0
// What a person does at the workbench, with a real server and a real browser: the tasks within
// their budgets of keys, clicks and seconds; every screen for everybody; what others wrote, harmless.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { screensOf } from './screen-list.mjs';
import { City, Person, openBrowser, password } from './stage.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const told = {};
let city;
let browser;
let token;
let accounts;

const read = async (path) => (await (await city.ask(token, 'GET', path)).json());

before(async () => {
  // tests/CMakeLists.txt runs it on SQLite, and the tasks on the throw-away PostgreSQL as well.
  const server = process.env.WATTHOUR_WEB_TEST_SERVER;
  city = await City.open(server ? { database: `${readFileSync(server, 'utf8').trim()}/watthour_web_${process.pid}` } : {});
  for (const user of ['s.lee', 'k.brown', 'c.diaz', 'a.reyes', 'j.park']) await city.giveEntrance(user);
  token = await city.token('s.lee');
  accounts = (await read('/v1/accounts?limit=200')).items;
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await city?.close();
  console.log(JSON.stringify(told, null, 1));
});

function within(name, measured, budget) {
  told[name] = { ...measured, seconds: Number(measured.seconds.toFixed(1)), machine: Number(measured.machine.toFixed(2)) };
  for (const [what, most] of Object.entries(budget)) {
    // A fifth above the budget fails: usability.md, section 12.
    assert.ok(measured[what] <= most * (what === 'seconds' ? 1.2 : 1), `${name}: ${measured[what]} ${what}, the budget is ${most}`);
  }
}

/** Four letters by which nobody else is called. */
function halfHeard() {
  const words = (row) => `${row.name} ${row.street}`.toLowerCase().split(/[^a-zñáéíóúü]+/).filter((word) => word.length > 5);
  const beginnings = new Map();
  for (const row of accounts) for (const word of new Set(words(row).map((one) => one.slice(0, 4)))) beginnings.set(word, (beginnings.get(word) ?? 0) + 1);
  for (const row of accounts) {
    const found = words(row).map((one) => one.slice(0, 4)).find((one) => beginnings.get(one) === 1 && /^[a-z]+$/.test(one));
    if (found) return { row, letters: found };
  }
  throw new Error('every name is like another');
}

for (const [language, zoom] of [['en', 1], ['es', 1], ['en', 4]]) {
  const how = zoom === 1 ? language : `${language}, ${zoom * 100} %`;
  test(`find an account from a half-heard name (${how})`, async () => {
    const person = await Person.sit(browser, city, 'c.diaz', { language, zoom });
    const { row, letters } = halfHeard();
    person.start();
    person.think();
    await person.press('/');
    await person.type(letters);
    await person.press('Enter');
    await person.page.locator('h1', { hasText: row.name }).waitFor();
    within(`find an account, ${how}`, person.stop(), { keys: 6, clicks: 0, seconds: 6 });
    assert.deepEqual(person.failures, []);
    await person.context.close();
  });

  test(`explain a high bill (${how})`, async () => {
    const person = await Person.sit(browser, city, 'c.diaz', { language, zoom });
    await person.go(`/accounts/${accounts[3].account}`);
    person.start();
    person.think();
    await person.press('b');
    await person.page.locator('.reasons li').first().waitFor();
    person.think();
    await person.press('j');
    await person.page.locator('.words').first().waitFor();
    within(`explain a bill, ${how}`, person.stop(), { clicks: 3, seconds: 15 });
    const words = await person.page.locator('.words').first().innerText();
    assert.match(words, language === 'es' ? /Cargo|por|días|de / : /charge|days|x /i);
    const cents = (text) => Math.round(Number(text.replace(/[^0-9.]/g, '')) * 100) * (/[-−]/.test(text) ? -1 : 1);
    const amounts = await person.page.locator('.reasons li .money').allInnerTexts();
    const difference = cents(await person.page.locator('.difference strong').innerText());
    assert.equal(amounts.map(cents).reduce((a, b) => a + b, 0), difference);
    assert.deepEqual(person.failures, []);
    await person.context.close();
  });
}

test('take a payment at the counter, with its receipt', async () => {
  const person = await Person.sit(browser, city, 'k.brown');
  const { row, letters } = halfHeard();
  const before_ = await read(`/v1/accounts/${row.account}`);
  person.start();
  person.think();
  await person.press('g', 'p');
  await person.page.locator('main [role=combobox]:focus').waitFor();
  await person.type(letters);
  await person.press('Enter');
  await person.page.locator('input[inputmode=decimal]:focus').waitFor();
  person.think();
  await person.type('40');
  await person.page.locator('form .difference').waitFor();
  person.think();
  await person.press('Enter');
  await person.page.locator('.receipt').waitFor();
  within('counter payment', person.stop(), { clicks: 0, seconds: 20 });
  assert.match(await person.page.locator('.receipt').innerText(), /\$40\.00/);
  const after_ = await read(`/v1/accounts/${row.account}`);
  const cents = (text) => Math.round(Number(text) * 100);
  assert.equal(cents(before_.balance) - cents(after_.balance), 4000);
  assert.deepEqual(person.failures, []);
  await person.context.close();
});

test('what is over the limit of a role is said to wait, and no receipt is shown', async () => {
  const person = await Person.sit(browser, city, 'k.brown');
  const before_ = await read(`/v1/accounts/${accounts[9].account}`);
  await person.go(`/payments?tab=counter&account=${accounts[9].account}`);
  await person.page.locator('input[inputmode=decimal]').fill('6000');
  await person.page.locator('form .difference').waitFor();
  await person.press('Enter');
  await person.page.locator('.problem').waitFor();
  assert.equal(await person.page.locator('.receipt').count(), 0);
  assert.equal((await read(`/v1/accounts/${accounts[9].account}`)).balance, before_.balance);
  // The supervisor finds it, sees how much and what for, and agrees.
  const lee = await Person.sit(browser, city, 's.lee', { width: 390, height: 800 });
  await lee.go('/admin/approvals');
  await lee.page.locator('.cards .main').first().click();
  await lee.page.locator('dialog input').fill('seen the check');
  await lee.press('Enter');
  await lee.page.locator('.toast').waitFor();
  const cents = (text) => Math.round(Number(text) * 100);
  assert.equal(cents(before_.balance) - cents((await read(`/v1/accounts/${accounts[9].account}`)).balance), 600_000);
  await person.context.close();
  await lee.context.close();
});

test('clear twenty items of the inbox by keyboard, and take one back', async () => {
  // Real items: a meter file that names meters which nobody knows.
  const delivered = city.run('sample', 'deliver', '--date', '2026-06-12', '--out', `${city.folder}/files`).trim().split('\n').map((line) => line.split(' '));
  const [format, path] = delivered.find(([one]) => one === 'cmep');
  const strange = `${city.folder}/strange.cmep`;
  const serials = [...new Set(readFileSync(path, 'utf8').match(/V\d{6}/g))].slice(0, 24);
  writeFileSync(strange, readFileSync(path, 'utf8').split('\n').filter((line) => serials.some((one) => line.includes(one))).map((line) => line.replace(/V(\d{6})/g, 'X$1')).join('\n') + '\n');
  city.run('import', '--format', format, '--date', '2026-06-15', strange);
  const person = await Person.sit(browser, city, 's.lee');
  const unknown = (await read('/v1/work-items?limit=200')).items.filter((item) => /unknown/.test(item.cause));
  assert.ok(unknown.length >= 20, `${unknown.length} items`);
  await person.go(`/inbox?cause=${unknown[0].cause}`);
  await person.page.locator('.items li').first().waitFor();
  person.start();
  for (let i = 0; i < 20; ++i) {
    person.think();
    const first = await person.page.locator('.items li.active').getAttribute('id');
    await person.press('a');
    await person.page.locator('dialog input').waitFor();
    // The reason given last for the cause stands there again.
    if (i === 0) await person.type('not ours; told the meter shop');
    await person.press('Enter');
    // The next one opens by itself.
    await person.page.waitForFunction((id) => { const now = document.querySelector('.items li.active'); return !document.querySelector('dialog') && (!now || now.id !== id); }, first);
  }
  const measured = person.stop();
  within('an inbox item', { ...measured, keys: measured.keys / 20, seconds: measured.seconds / 20, machine: measured.machine / 20 }, { seconds: 12, clicks: 0 });
  const left = (await read(`/v1/work-items?limit=200&cause=${unknown[0].cause}`)).items.length;
  assert.equal(left, unknown.length - 20);
  await person.press('Control+z');
  await person.page.waitForFunction((n) => document.querySelectorAll('.items li').length === n, left + 1);
  assert.deepEqual(person.failures, []);
  await person.context.close();
});

test('a spike is found, looked at and estimated, by keyboard', async () => {
  // The morning's file with one interval of forty kilowatt-hours in it.
  const delivered = city.run('sample', 'deliver', '--date', '2026-06-11', '--out', `${city.folder}/files`).trim().split('\n').map((line) => line.split(' '));
  const [, path] = delivered.find(([one]) => one === 'cmep');
  const lines = readFileSync(path, 'utf8').split('\n');
  const at = lines.findIndex((line) => line.split(',')[10] === 'KWH');
  const fields = lines[at].split(',');
  fields[14 + 3 * 10 + 2] = '40';
  const spiked = `${city.folder}/spiked.cmep`;
  writeFileSync(spiked, `${fields.join(',')}\n`);
  city.run('import', '--format', 'cmep', '--date', '2026-06-15', spiked);
  const answer = await (await city.ask(token, 'POST', '/v1/reads/validations', { until: '2026-06-12', meters: [fields[7]] })).json();
  const found = answer.findings.find((one) => one.check === 'spike');
  assert.equal(found?.meter, fields[7]);
  const person = await Person.sit(browser, city, 's.lee');
  await person.press('g', 'l');
  const row = person.page.locator('.items li', { hasText: `${fields[7]} (KWH): 40 kWh` });
  await row.waitFor();
  await row.click();
  await person.page.locator('.findings .detail .chart canvas').waitFor();
  await person.settled();
  if (process.env.WATTHOUR_WEB_PICTURES) await person.page.screenshot({ path: `${process.env.WATTHOUR_WEB_PICTURES}/finding.png`, fullPage: true });
  person.start();
  await person.press('m');
  await person.page.locator('dialog .facts').waitFor();
  assert.match(await person.page.locator('dialog .facts').innerText(), /\b1\b/);
  await person.type('a test by the meter shop');
  await person.press('Enter');
  await person.page.locator('dialog').waitFor({ state: 'detached' });
  within('a finding of reads', person.stop(), { seconds: 15, clicks: 0 });
  const findings = (await read('/v1/work-items?state=resolved&limit=200')).items.filter((one) => one.cause === 'vee.spike' && one.evidence.includes(fields[7]));
  assert.equal(findings[0]?.resolution, 'corrected');
  const view = await read(`/v1/reads/findings/${findings[0].id}`);
  const concerned = view.intervals.filter((one) => one.concerned);
  assert.deepEqual(concerned.map((one) => one.status), ['E']);
  assert.ok(Number(concerned[0].kwh) < 5, concerned[0].kwh);
  // Taken back, the finding is there again and its read waits.
  await person.press('Control+z');
  await row.waitFor();
  const again = await read(`/v1/reads/findings/${findings[0].id}`);
  assert.deepEqual(again.intervals.filter((one) => one.concerned).map((one) => [one.kwh, one.status]), [['40', 'F']]);
  await person.go('/reads?tab=freshness');
  await person.page.locator('table.plain tbody tr').first().waitFor();
  if (process.env.WATTHOUR_WEB_PICTURES) await person.page.screenshot({ path: `${process.env.WATTHOUR_WEB_PICTURES}/came.png`, fullPage: true });
  assert.deepEqual(person.failures, []);
  await person.context.close();
});

test('a file of an odd form is dropped, mapped, taken in, repaired and brought back', async () => {
  // A text file with columns of its own, of a meter with hourly or quarter-hourly reads; one row is no number.
  const tou = accounts.find((row) => /TOU|EV/.test(row.schedule)) ?? accounts[0];
  const meters = (await read(`/v1/accounts/${tou.account}`)).agreements.flatMap((one) => one.meters);
  const meter = meters.find((one) => one.channels.some((channel) => / min$/.test(channel)));
  const minutes = Number(meter.channels.find((channel) => / min$/.test(channel)).match(/(\d+) min$/)[1]);
  const rows = ['Contador;Fin;Consumo (kWh)'];
  for (let at = minutes; at <= 1440; at += minutes) {
    const clock = `${String(Math.floor(at / 60) % 24).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
    rows.push(`${meter.serial};${at === 1440 ? '2025-04-11' : '2025-04-10'} ${clock};${at === 2 * minutes ? '0,x' : '0,25'}`);
  }
  const path = `${city.folder}/feeder.csv`;
  writeFileSync(path, `${rows.join('\n')}\n`);
  const person = await Person.sit(browser, city, 's.lee');
  const picture = async (name) => {
    if (process.env.WATTHOUR_WEB_PICTURES) await person.page.screenshot({ path: `${process.env.WATTHOUR_WEB_PICTURES}/import-${name}.png`, fullPage: true });
  };
  await person.press('g', 'f');
  await person.page.locator('.drop').waitFor();
  await picture('empty');
  await person.page.setInputFiles('input[type=file]', path);
  await person.page.locator('table caption').first().waitFor();
  await person.page.locator('.facts').first().waitFor();
  await picture('preview');
  const facts = await person.page.locator('.facts').first().innerText();
  const kwh = String((rows.length - 2) * 0.25).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  assert.match(facts, new RegExp(`kWh\\s+${kwh.replace('.', '\\.')}`));
  await person.page.getByRole('button', { name: /^Take in|^Take / }).click();
  await person.page.locator('#outcome').waitFor();
  await picture('outcome');
  const [download] = await Promise.all([person.page.waitForEvent('download'), person.page.locator('a.button.main').click()]);
  const repaired = `${city.folder}/feeder-repaired.csv`;
  await download.saveAs(repaired);
  const text = readFileSync(repaired, 'utf8');
  assert.equal(text.trim().split('\n').length, 2, text);
  writeFileSync(repaired, text.replace('0,x', '0,25'));
  await person.page.getByRole('button', { name: 'Next file' }).click();
  await person.page.setInputFiles('input[type=file]', repaired);
  await person.page.locator('.facts').first().waitFor();
  await picture('returned');
  await person.page.getByRole('button', { name: /^Take / }).click();
  await person.page.locator('#outcome').waitFor();
  await person.go('/import?tab=files');
  await person.page.getByRole('link', { name: 'feeder.csv', exact: true }).click();
  await person.page.locator('.badge', { hasText: 'Settled' }).waitFor();
  await picture('file');
  await person.go('/import?tab=mappings');
  await person.page.locator('table.plain tbody tr').first().waitFor();
  await picture('mappings');
  const files = (await read('/v1/files?limit=200')).items;
  const first = files.find((one) => one.name === 'feeder.csv');
  assert.deepEqual([first.state, first.failed_rows, first.repaired, first.waiting], ['settled', 1, 1, 0]);
  assert.deepEqual(person.failures, []);
  await person.context.close();
});

test('exchange a meter: the balance is seen before anything is kept', async () => {
  // A home with one register since the beginning, and what its last bill ended with.
  let home;
  for (const row of accounts.filter((one) => one.schedule === 'R-1')) {
    const { agreements, bills } = await read(`/v1/accounts/${row.account}`);
    const held = agreements.find((one) => one.until === null);
    if (!held || agreements.length !== 1 || held.reading !== 'ami' || held.meters.length !== 1 || bills.length === 0) continue;
    const segment = (await read(`/v1/bills/${bills.at(-1).bill}`)).segments[0];
    home = { ...row, serial: held.meters[0].serial, read: segment.reads.at(-1).until_read };
    break;
  }
  const removal = String((Number(home.read) + 41) % 100_000).padStart(5, '0');
  const before_ = await read(`/v1/meters/${home.serial}`);
  const person = await Person.sit(browser, city, 'j.park', { language: 'es' });
  await person.go(`/accounts/${home.account}?tab=service`);
  await person.page.locator('table.plain a', { hasText: home.serial }).click();
  await person.page.locator('h1', { hasText: home.serial }).waitFor();
  person.start();
  person.think();
  await person.press('x');
  await person.page.locator('dialog input:focus').waitFor();
  await person.type(removal);
  await person.press('Tab');
  await person.type('V500005');
  await person.press('Tab');
  await person.type('00003');
  const fields = person.page.locator('dialog form input');
  await fields.last().fill('pantalla apagada');
  const cells = person.page.locator('dialog .balance tbody td:last-child');
  await cells.first().waitFor();
  assert.deepEqual(await cells.allInnerTexts(), ['41', '0', '41', '41']);
  assert.match(await person.page.locator('dialog .balance .badge').innerText(), /cierra/);
  assert.deepEqual(await read(`/v1/meters/${home.serial}`), before_);
  person.think();
  await person.press('Enter');
  await person.page.locator('.toast').waitFor();
  within('exchange a meter', person.stop(), { seconds: 40, clicks: 0 });
  assert.equal((await read(`/v1/meters/${home.serial}`)).state, 'removed');
  assert.equal((await read('/v1/meters/V500005')).state, 'in_service');
  // The search finds the account by the serial that hangs now.
  assert.equal((await read('/v1/search?q=V500005')).items[0]?.account, home.account);
  // What a meter of the quarantine would do is told, and nothing is done.
  await person.go('/meters/V500005');
  await person.press('x');
  await fields.first().fill('00009');
  await fields.nth(1).fill('V500013');
  await fields.nth(2).fill('00000');
  await fields.last().fill('otra vez');
  await person.page.locator('dialog .problem').waitFor();
  assert.deepEqual(person.failures, []);
  await person.context.close();
});

test('follow a route: the walk by keyboard, the file for the reader, a move looked at first', async () => {
  const person = await Person.sit(browser, city, 's.lee', { language: 'es' });
  await person.go('/routes/90-01');
  await person.page.locator('h1', { hasText: '90-01' }).waitFor();
  // The read date that comes: nobody was there yet.
  await person.page.locator('[data-do=next]').click();
  await person.page.locator('tbody .badge', { hasText: 'sin visita' }).first().waitFor();
  person.start();
  person.think();
  const download = person.page.waitForEvent('download');
  await person.press('e');
  const name = (await download).suggestedFilename();
  assert.match(name, /^route-90-01-2026-06-29\.hdl$/);
  within('hand a route to the reader', person.stop(), { seconds: 10, clicks: 0 });
  const before_ = await read('/v1/routes/05-01');
  await person.go('/routes/05-01');
  await person.press('v');
  await person.page.locator('dialog select').selectOption('06-01');
  await person.page.locator('dialog .balance .facts').waitFor();
  assert.match(await person.page.locator('dialog .balance').innerText(), /Entre 27 y 33 días/);
  await person.press('Escape');
  assert.deepEqual(await read('/v1/routes/05-01'), before_);
  assert.deepEqual(person.failures, []);
  await person.context.close();
});

test('run a cycle: preview, post, watch it end, see its bills', async () => {
  const person = await Person.sit(browser, city, 's.lee');
  const due = (await read('/v1/cycles/due')).items[0];
  person.start();
  await person.press('g', 'r');
  await person.page.locator('table.plain tbody tr').first().waitFor();
  await person.press(']');
  await person.page.locator('[data-do=preview]').waitFor();
  person.think();
  await person.press('v');
  const post = person.page.locator('[data-do=post]:focus');
  await post.waitFor();
  const promised = Number((await post.innerText()).match(/\d+/)[0]);
  person.think();
  await person.press('Enter');
  await person.page.locator('.notice.good').waitFor({ timeout: 30_000 });
  const measured = person.stop();
  within('a cycle run', measured, { seconds: 60, clicks: 0 });
  assert.match(await person.page.locator('.notice.good').innerText(), new RegExp(`^${promised} `));
  // Preview is the bill: what was promised is what stands in the register.
  const runs = (await read('/v1/cycle-runs?limit=1')).items[0];
  assert.equal(runs.billed, promised);
  assert.deepEqual(person.failures, []);
  await person.context.close();
});

test('read a rate sheet: from the list, on a day, in both languages, and what changed', async () => {
  const schedules = (await read('/v1/schedules?limit=200')).items;
  const listed = schedules.find((one) => one.schedule === 'R-1');
  const dates = listed.versions.map((version) => version.effective).sort();
  for (const language of ['en', 'es']) {
    const person = await Person.sit(browser, city, 's.lee', { language });
    await person.press('g', 's');
    await person.page.locator('.grid-row a').first().waitFor();
    await person.settled();
    assert.equal(await person.page.locator('.grid-row a').count(), schedules.length);
    await person.page.locator('.grid-row a', { hasText: /^R-1$/ }).click();
    const rows = person.page.locator('[data-part=sheet] tbody tr');
    await rows.first().waitFor();
    assert.match(await person.page.locator('h1').innerText(), new RegExp(language === 'es' ? listed.name_es : listed.name_en));
    const sheet = await read(`/v1/schedules/R-1?language=${language}`);
    assert.deepEqual(await rows.allInnerTexts(), sheet.rows.map((row) => [row.charge, row.what, row.price, row.unit].join('\t')));
    // A day before the second version: the first one's prices.
    await person.page.locator('main .bar input[type=date]').first().fill(dates[0]);
    await person.page.locator('main .bar button.main').first().click();
    await person.page.waitForURL(new RegExp(`date=${dates[0]}`));
    await person.settled();
    const first = await read(`/v1/schedules/R-1?language=${language}&date=${dates[0]}`);
    assert.equal(first.effective, dates[0]);
    assert.deepEqual(await rows.locator('td:nth-child(3)').allInnerTexts(), first.rows.map((row) => row.price));
    // Of the newest version, what it changed; the first has nothing before it.
    const asks = person.page.locator('section[aria-labelledby=versions] tbody button');
    assert.equal(await asks.count(), 2 * dates.length - 1);
    await asks.nth(1).click();
    await person.page.waitForURL(new RegExp(`until=${dates.at(-1)}`));
    await person.settled();
    const { changes } = await read(`/v1/schedules/R-1/changes?from=${dates.at(-2)}&until=${dates.at(-1)}&language=${language}`);
    assert.ok(changes.length > 0);
    await person.page.locator('[data-part=changes] tbody tr').first().waitFor();
    assert.equal(await person.page.locator('[data-part=changes] tbody tr').count(), changes.length);
    assert.deepEqual(person.failures, []);
    await person.context.close();
  }
});

test('study tariffs that were put forward, for everybody', async () => {
  const folder = `${city.folder}/proposed`;
  cpSync(new URL('../../tariffs/valdoro', import.meta.url), folder, { recursive: true });
  const factor = `${folder}/adjustments/eca.yaml`;
  writeFileSync(factor, `${readFileSync(factor, 'utf8').trimEnd()}\n  - {effective: 2026-07-01, price: "0.01240"}\n`);
  assert.throws(() => city.run('tariff', 'adopt', folder, '--why', 'Council resolution 26-114'), /second person must agree/);
  const person = await Person.sit(browser, city, 's.lee');
  await person.press('g', 's');
  await person.page.locator('[data-part=sets] a').first().click();
  await person.page.locator('main form button.main').click();
  const bars = person.page.locator('[data-part=histogram] tbody td.number');

  await bars.first().waitFor({ timeout: 60_000 });
  const number = (text) => Number(text.replace(/[^0-9]/g, ''));
  const facts = await person.page.locator('[data-part=study] .facts').first().innerText();
  const counted = (await bars.allInnerTexts()).reduce((sum, text) => sum + number(text), 0);
  assert.ok(counted > 0 && facts.includes(String(counted)), `${counted} accounts in bars: ${facts}`);
  // A cent more on every kWh: nobody gains, everybody with use pays more.
  const changes = await person.page.locator('[data-part=deciles] tbody tr td:last-child').allInnerTexts();
  assert.equal(changes.length, 10);
  for (const change of changes) assert.ok(!/[-−]/.test(change), change);
  await person.page.evaluate(axeSource);
  const { violations } = await person.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  assert.deepEqual(violations.filter((one) => ['serious', 'critical'].includes(one.impact)).map((one) => one.id), []);
  if (process.env.WATTHOUR_WEB_PICTURES) await person.page.screenshot({ path: `${process.env.WATTHOUR_WEB_PICTURES}/study.png`, fullPage: true });
  // The same tariffs for one customer: the present schedule costs more than was charged.
  const { account } = accounts.find((row) => /^R-1/.test(row.schedule)) ?? accounts[3];
  const { hash } = (await read('/v1/tariff-sets')).items[0];
  const whatIf = await read(`/v1/accounts/${account}/schedules?set=${hash}`);
  const present = whatIf.choices.find((one) => one.current);
  assert.ok(Number(present.difference) > 0, present.difference);
  await person.go(`/accounts/${account}/schedules?language=en&set=${hash}`);
  const row = person.page.locator('[data-part=choices] tbody tr.active');
  await row.waitFor();
  assert.ok((await row.innerText()).includes(`+$${present.difference}`), await row.innerText());
  assert.deepEqual(person.failures, []);
  await person.context.close();
});

test('compare schedules for a customer, in the language of the customer', async () => {
  const { account } = accounts.find((row) => /^R-1/.test(row.schedule)) ?? accounts[3];
  const compared = await read(`/v1/accounts/${account}/schedules`);
  const held = await read(`/v1/accounts/${account}`);
  const rated = compared.choices.filter((one) => one.available);
  assert.ok(rated.length > 0 && compared.choices.some((one) => one.current));
  const person = await Person.sit(browser, city, 'c.diaz');
  await person.go(`/accounts/${account}`);
  person.start();
  person.think();
  await person.press('c');
  const rows = person.page.locator('[data-part=choices] tbody tr');
  await rows.first().waitFor();
  within('compare schedules', person.stop(), { keys: 1, clicks: 0, seconds: 6 });
  const cents = (text) => Math.round(Number(text.replace(/[^0-9.]/g, '')) * 100) * (/[-−]/.test(text) ? -1 : 1);
  assert.equal(await rows.count(), compared.choices.length);
  // Every amount is the answer's, cheapest first; the present schedule is marked once, with words.
  const totals = (await rows.locator('td:nth-child(2) .money').allInnerTexts()).map(cents);
  assert.deepEqual(totals, rated.map((one) => cents(one.total)));
  assert.deepEqual(totals, [...totals].sort((a, b) => a - b));
  assert.deepEqual((await rows.locator('td:nth-child(3) .money').allInnerTexts()).map(cents), rated.filter((one) => !one.current).map((one) => cents(one.difference)));
  assert.equal(await person.page.locator('[data-part=choices] tr.active').count(), 1);
  assert.equal(await person.page.locator('[data-part=choices] .badge').count(), 1);
  if (rated[0].bills) {
    assert.equal(await person.page.locator('[data-part=by-bill] tbody tr').count(), rated[0].bills.length);
    const sums = (await person.page.locator('[data-part=by-bill] tfoot .money').allInnerTexts()).map(cents);
    assert.deepEqual(sums, totals);
  }
  const page = person.page.locator('.handout');
  assert.equal(await page.getAttribute('lang'), held.language);
  for (const [language, title, badge] of [['es', /habría costado/, /Su tarifa actual/], ['en', /would have cost/, /Your present schedule/]]) {
    await person.go(`/accounts/${account}/schedules?language=${language}`);
    await rows.first().waitFor();
    assert.equal(await page.getAttribute('lang'), language);
    assert.match(await page.locator('h2').innerText(), title);
    assert.match(await person.page.locator('[data-part=choices] tr.active .badge').innerText(), badge);
  }
  // On paper only what is handed over, with who hands it over.
  await person.page.emulateMedia({ media: 'print' });
  assert.equal(await person.page.locator('header.top').isVisible(), false);
  assert.equal(await person.page.locator('main button:visible').count(), 0);
  assert.ok(await page.locator('.print-only').isVisible());
  assert.ok(await rows.first().isVisible());
  assert.deepEqual(person.failures, []);
  await person.context.close();
});

test('every screen passes axe, in English and Spanish, light and dark', async () => {
  const screens = await screensOf(city);
  const wrong = [];
  for (const [language, scheme] of [['en', 'light'], ['es', 'dark']]) {
    const person = await Person.sit(browser, city, 's.lee', { language, scheme });
    for (const [name, path, act] of screens) {
      await person.go(path);
      await act?.(person);
      await person.settled();
      await person.page.evaluate(axeSource);
      const found = await person.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
      for (const one of found.violations) {
        if (one.impact !== 'serious' && one.impact !== 'critical') continue;
        wrong.push(`${name} (${language}): ${one.id}: ${one.nodes[0].target} ${one.nodes[0].failureSummary}`);
      }
    }
    assert.deepEqual(person.failures, []);
    await person.context.close();
  }
  // It can fail: a picture without words is found.
  const person = await Person.sit(browser, city, 's.lee');
  await person.page.evaluate(axeSource);
  const planted = await person.page.evaluate(() => {
    document.querySelector('main').append(document.createElement('img'));
    return globalThis.axe.run(document, { resultTypes: ['violations'] });
  });
  assert.ok(planted.violations.some((one) => one.id === 'image-alt'), 'axe does not see what was planted');
  await person.context.close();
  told['axe, serious and critical'] = wrong.length;
  assert.deepEqual(wrong, []);
});

test('at 400 % no screen scrolls sideways', async () => {
  const person = await Person.sit(browser, city, 's.lee', { zoom: 4 });
  const wide = [];
  for (const [name, path] of await screensOf(city)) {
    await person.go(path);
    const over = await person.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (over > 1) wide.push(`${name}: ${over} px`);
  }
  assert.deepEqual(wide, []);
  await person.context.close();
});

test('a reload gives the same screen', async () => {
  const person = await Person.sit(browser, city, 's.lee');
  for (const path of [`/accounts/${accounts[3].account}?tab=ledger&filter=payment&sort=amount%3Adown`, '/register?from=2026-05-01&until=2026-06-20&filter=05', '/admin/audit?by=root', '/schedules/R-1?date=2024-08-01&from=2024-07-01&until=2025-07-01']) {
    await person.go(path);
    await person.page.waitForTimeout(300);
    const first = await person.page.locator('main').innerText();
    await person.page.reload();
    await person.page.locator('header.top').waitFor();
    await person.settled();
    await person.page.waitForTimeout(300);
    assert.equal(await person.page.locator('main').innerText(), first, path);
  }
  await person.context.close();
});

test('what somebody typed survives the end of the session', async () => {
  const person = await Person.sit(browser, city, 'c.diaz');
  await person.go(`/accounts/${accounts[5].account}`);
  await person.press('n');
  await person.page.locator('textarea').fill('called about the deposit');
  await person.page.evaluate(() => fetch('/v1/sessions/current', { method: 'DELETE' }));
  await person.page.locator('dialog button.main').click();
  const again = person.page.locator('dialog', { has: person.page.locator('input[type=password]') });
  await again.waitFor();
  await again.locator('input[type=password]').fill(password);
  await person.press('Enter');
  await again.waitFor({ state: 'detached' });
  assert.equal(await person.page.locator('textarea').inputValue(), 'called about the deposit');
  await person.page.locator('dialog button.main').click();
  await person.page.locator('.past li.note').first().waitFor();
  await person.context.close();
});

test('two who edit one record lose nothing', async () => {
  const [one, two] = [await Person.sit(browser, city, 'c.diaz'), await Person.sit(browser, city, 's.lee')];
  const path = `/accounts/${accounts[6].account}?tab=contact`;
  const field = (person, place) => person.page.locator('#part .fields input').nth(place);
  const save = async (person) => {
    await person.page.locator('#part form > .field input').fill('called in');
    await person.page.locator('#part button.main').click();
  };
  const saved = (person) => person.page.locator('.toast').last().waitFor();
  await one.go(path);
  await two.go(path);
  await field(one, 1).fill('555-0199');
  await save(one);
  await saved(one);
  // Another field: put together without a question.
  await field(two, 2).fill('new@example.org');
  await save(two);
  await saved(two);
  const contact = await read(`/v1/accounts/${accounts[6].account}/contact`);
  assert.equal(contact.phone, '555-0199');
  assert.equal(contact.email, 'new@example.org');
  // The same field: both stand there, and mine is kept.
  await one.go(path);
  await two.go(path);
  await field(one, 1).fill('555-0001');
  await save(one);
  await saved(one);
  await field(two, 1).fill('555-0002');
  await save(two);
  await two.page.locator('.problem').waitFor();
  assert.equal(await field(two, 1).inputValue(), '555-0002');
  assert.match(await two.page.locator('#part').innerText(), /555-0001/);
  await one.context.close();
  await two.context.close();
});

const scripts = () => {
  const plain = ['<script>window.__hit=1</script>', '"><script>window.__hit=1</script>', '<img src=x onerror=window.__hit=1>', '<svg onload=window.__hit=1>', "'-window.__hit=1-'", 'javascript:window.__hit=1', '<iframe srcdoc="<script>parent.__hit=1</script>">', '<a href="javascript:window.__hit=1">x</a>', '{{constructor.constructor("window.__hit=1")()}}', '${window.__hit=1}', '<body onload=window.__hit=1>', '<details open ontoggle=window.__hit=1>', '<math><mtext></mtext><script>window.__hit=1</script></math>', '<style>@import "javascript:window.__hit=1"</style>', '<object data="javascript:window.__hit=1">'];
  return [...plain, ...plain.map((one) => one.toUpperCase()), ...plain.map((one) => `</textarea>${one}`), ...plain.map((one) => `\u202e${one}`)];
};

test('no script that somebody wrote is run', async () => {
  const payloads = scripts();
  assert.equal(payloads.length, 60);
  const account = accounts[7].account;
  const diaz = await city.token('c.diaz');
  for (const text of payloads) assert.equal((await city.ask(diaz, 'POST', `/v1/accounts/${account}/notes`, { text })).status, 201);
  const now = await city.ask(diaz, 'GET', `/v1/accounts/${account}/contact`);
  const contact = await now.json();
  await city.ask(diaz, 'PUT', `/v1/accounts/${account}/contact`, { ...contact, name: payloads[2], phone: payloads[0], email: `${payloads[3]}@x`, mailing_street: payloads[1], why: payloads[4] }, { 'If-Match': now.headers.get('ETag') });
  const person = await Person.sit(browser, city, 's.lee');
  for (const path of [`/accounts/${account}`, `/accounts/${account}?tab=contact`, `/accounts/${account}?tab=history`, '/admin/audit', '/accounts?filter=%3Cscript%3E', `/inbox?cause=${encodeURIComponent(payloads[0])}`]) {
    await person.go(path);
    await person.page.waitForTimeout(200);
    assert.equal(await person.page.evaluate(() => window.__hit), undefined, path);
  }
  await person.press('/');
  await person.type('onerror');
  await person.page.waitForTimeout(300);
  assert.equal(await person.page.evaluate(() => window.__hit), undefined);
  assert.deepEqual(person.failures, []);
  await person.context.close();
});

test('the same commands, done by the server', async () => {
  assert.equal(city.runThere('account', 'show', accounts[3].account).code, 4, 'nobody is signed in');
  assert.equal(city.runThere('login', '--user', 's.lee').code, 0);
  const bill = (await read(`/v1/accounts/${accounts[3].account}`)).bills.at(-1).bill;
  for (const command of [['account', 'show', accounts[3].account], ['bill', 'show', bill], ['bill', 'compare', bill, '--lang', 'es'], ['report', 'trial-balance'], ['account', 'find', accounts[4].street], ['account', 'usage', accounts[3].account, '--by', 'bill'], ['account', 'contact', accounts[3].account]]) {
    const there = JSON.parse(city.runThere(...command, '--json').out);
    delete there.has_more;
    delete there.cursor;
    assert.deepEqual(there, JSON.parse(city.run(...command, '--json')), command.join(' '));
  }
  const words = JSON.parse(city.runThere('account', 'past', accounts[3].account, '--json').out).items.length;
  assert.equal(words, JSON.parse(city.run('account', 'past', accounts[3].account, '--json')).items.length);
  assert.equal(city.runThere('account', 'show', '10000000018').code, 3);
  assert.equal(city.runThere('payment', 'post', '--account', accounts[3].account, '--amount', '0.00').code, 7);
  assert.equal(city.runThere('db', 'dump').code, 2);
  assert.equal(city.runThere('payment', 'post', '--account', accounts[3].account, '--amount', '160000.00').code, 6, 'it waits for a second person');
  assert.equal(city.runThere('work', 'resolve', '1', '--as', 'accepted', '--why', 'x').code, 3);
  const paid = JSON.parse(city.runThere('payment', 'post', '--account', accounts[3].account, '--amount', '3.00', '--json').out);
  assert.equal(paid.amount, '3.00');
  assert.equal(city.runThere('bill', 'print', bill, '--to', 'there.pdf').code, 0);
  assert.equal(readFileSync(`${city.folder}/there.pdf`).subarray(0, 5).toString(), '%PDF-');
  const changed = city.runThere('account', 'contact', accounts[3].account, '--phone', '555-0177', '--why', 'called in', '--json');
  assert.equal(JSON.parse(changed.out).phone, '555-0177');
  assert.equal(JSON.parse(city.run('account', 'contact', accounts[3].account, '--json')).phone, '555-0177');
  assert.equal(city.runThere('account', 'contact', accounts[3].account, '--phone', '1').code, 7, 'a reason is needed');
  assert.equal(city.runThere('logout').code, 0);
  assert.equal(city.runThere('whoami').code, 4);
});

test('a list of a hundred thousand rows is filtered and sorted without a stall', async () => {
  const person = await Person.sit(browser, city, 's.lee');
  const rows = 100_000;
  // The real list has 500 accounts: the browser is given two hundred times as many in the same form.
  await person.page.route('**/v1/accounts?*', async (route) => {
    const cursor = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0);
    const items = Array.from({ length: 200 }, (_, i) => ({ ...accounts[(cursor + i) % accounts.length], account: String(20_000_000_000 + cursor + i), balance: `${((cursor + i) * 7919) % 100_000}.25` }));
    await route.fulfill({ json: { items, has_more: cursor + 200 < rows, cursor: cursor + 200 < rows ? String(cursor + 200) : null } });
  });
  await person.go('/accounts');
  await person.page.locator('.grid-bar [role=status]', { hasText: /^100,000/ }).waitFor({ timeout: 60_000 });
  const times = [];
  for (const text of ['20000099', 'ac', 'zzz', 'street 1', '']) {
    const shown = await person.page.locator('.grid-bar [role=status]').innerText();
    const began = performance.now();
    await person.page.locator('.grid-bar input[type=search]').fill(text);
    await person.page.waitForFunction((before_) => document.querySelector('.grid-bar [role=status]').textContent !== before_, shown, { polling: 5 });
    times.push(performance.now() - began);
  }
  const began = performance.now();
  await person.page.locator('.grid-row.head button').last().click();
  await person.page.locator('[aria-sort=ascending]').waitFor();
  told['100,000 rows: slowest filter, ms'] = Math.round(Math.max(...times));
  told['100,000 rows: sort by amount, ms'] = Math.round(performance.now() - began);
  assert.equal(await person.page.locator('.grid-row:not(.head)').count() < 100, true, 'all rows are drawn');
  assert.deepEqual(person.failures, []);
  await person.context.close();
});

test('it comes quickly', async () => {
  const folder = new URL('../../build/web/', import.meta.url).pathname;
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const first = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((match) => match[1]);
  // What the page names and what that names in turn before anything is shown.
  const seen = new Set();
  const walk = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const match of readFileSync(join(folder, name), 'utf8').matchAll(/(?:^|;)import[^;]*?"\.\/([^"]+\.js)"/g)) walk(`assets/${match[1]}`);
  };
  first.forEach(walk);
  const bytes = [...seen].reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name)), { level: 9 }).length, 0);
  assert.ok(readdirSync(join(folder, 'assets')).length > 5);
  told['first script, compressed KB'] = Math.round(bytes / 1024);
  assert.ok(bytes <= 200 * 1024, `${bytes} bytes`);

  const person = await Person.sit(browser, city, 's.lee');
  await person.go('/inbox');
  told['first paint, ms'] = Math.round(await person.page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0));
  await person.page.waitForTimeout(1500);
  const times = [];
  for (let i = 0; i < 40; ++i) {
    const [keys, heading] = [['g a', '.grid-row'], ['g r', 'main h2'], ['g b', '.grid-row'], ['g i', '.inbox']][i % 4];
    const began = performance.now();
    for (const key of keys.split(' ')) await person.page.keyboard.press(key);
    await person.page.locator(heading).first().waitFor();
    times.push(performance.now() - began);
  }
  const search = [];
  for (let i = 0; i < 30; ++i) {
    await person.page.locator('header [role=combobox]').fill('');
    const began = performance.now();
    const name = accounts[i + 10].name;
    await person.page.locator('header [role=combobox]').fill(name.slice(0, 6));
    await person.page.locator(`.search .choices[data-asked=${JSON.stringify(name.slice(0, 6).trim())}]`).waitFor();
    search.push(performance.now() - began);
  }
  const p95 = (list) => Math.round(list.sort((a, b) => a - b)[Math.floor(list.length * 0.95)]);
  told['route change p95, ms'] = p95(times);
  told['search seen p95, ms'] = p95(search);
  // A machine under load is slow: the figures are told, and only what no load explains fails.
  assert.ok(told['first paint, ms'] <= 3000 && told['route change p95, ms'] <= 1500 && told['search seen p95, ms'] <= 1500, JSON.stringify(told));
  await person.context.close();
});
