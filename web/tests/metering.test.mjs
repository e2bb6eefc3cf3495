// SPDX-License-Identifier: Apache-2.0
// Meters at the workbench: a finding cleared by a ping, a case from doubt to conclusion, a read
// entered and taken back, silent meters; within their budgets, by keyboard, in both languages.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { City, Person, openBrowser } from './stage.mjs';

const told = {};
const pictures = process.env.WATTHOUR_WEB_PICTURES;
let city;
let browser;
let token;
let accounts;
let network;
let today;

const read = async (path, language = 'en') => (await (await city.ask(token, 'GET', path, undefined, { 'Accept-Language': language })).json());
const picture = async (person, name) => {
  if (pictures) await person.page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
};

/** A network of meters that answers: a process of its own, over real sockets. */
async function openNetwork() {
  const program = process.env.WATTHOUR ?? new URL('../../build/dev/bin/watthour', import.meta.url).pathname;
  network = spawn(program, ['simulate', 'head-end', '--port', '0', '--latency-ms', '300'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve, reject) => {
    let text = '';
    network.stdout.on('data', (part) => {
      text += part;
      const found = /http:\S+/.exec(text);
      if (found) resolve(found[0].replace(/[./]*$/, ''));
    });
    network.on('exit', (code) => reject(new Error(`the network ended with ${code}: ${text}`)));
  });
  const system = { name: 'north', protocol: 'multispeak', version: '3.0', url, user: 'billing', password: 'what it knows us by', reply_url: city.address, reply_secret: 'sixteen-letters-or-more', answer_seconds: 20, most_attempts: 2, expires_seconds: 60 };
  writeFileSync(process.env.WATTHOUR_HEAD_END, JSON.stringify({ systems: [system] }));
  chmodSync(process.env.WATTHOUR_HEAD_END, 0o600);
}

before(async () => {
  process.env.WATTHOUR_HEAD_END = `/tmp/watthour-web-network-${process.pid}.json`;
  const server = process.env.WATTHOUR_WEB_TEST_SERVER;
  city = await City.open({ accounts: 200, ...(server ? { database: `${readFileSync(server, 'utf8').trim()}/watthour_metering_${process.pid}` } : {}) });
  for (const user of ['s.lee', 'c.diaz', 'j.park']) await city.giveEntrance(user);
  await openNetwork();
  token = await city.token('s.lee');
  today = (await read('/v1/me')).business_date;
  accounts = (await read('/v1/accounts?limit=200')).items;
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  network?.removeAllListeners('exit');
  network?.kill('SIGTERM');
  await city?.close();
  console.log(JSON.stringify(told, null, 1));
});

function within(name, measured, budget) {
  told[name] = { ...measured, seconds: Number(measured.seconds.toFixed(1)), machine: Number(measured.machine.toFixed(2)) };
  for (const [what, most] of Object.entries(budget)) {
    assert.ok(measured[what] <= most * (what === 'seconds' ? 1.2 : 1), `${name}: ${measured[what]} ${what}, the budget is ${most}`);
  }
}

/** A home with one register that was billed, and what it showed last. */
async function registerHome(skip = 0) {
  for (const row of accounts.filter((one) => one.schedule === 'R-1')) {
    const { agreements, bills } = await read(`/v1/accounts/${row.account}`);
    const held = agreements.find((one) => one.until === null);
    if (!held || agreements.length !== 1 || held.reading !== 'ami' || held.meters.length !== 1 || bills.length < 3) continue;
    if (skip-- > 0) continue;
    const { reads } = await read(`/v1/meters/${held.meters[0].serial}`);
    // Of the days before: what is entered stands on the business date.
    const last = reads.find((one) => one.date < today);
    return { ...row, serial: held.meters[0].serial, bill: bills.at(-1).bill, read: last.reading };
  }
  throw new Error('no home with a register');
}

const padded = (n) => String(n % 100_000).padStart(5, '0');

for (const [language, zoom] of [['en', 1], ['es', 4]]) {
  test(`enter a read, see what it says, and take it back (${language}, ${zoom * 100} %)`, async () => {
    const home = await registerHome(zoom);
    const person = await Person.sit(browser, city, 's.lee', { language, zoom });
    await person.go(`/meters/${home.serial}?tab=reads`);
    // Much too high: said before it is kept.
    await person.press('w');
    await person.page.locator('dialog input:focus').waitFor();
    await person.type(padded(Number(home.read) + 9000));
    await person.page.locator('[data-part=computed] .badge.bad').waitFor();
    await picture(person, `enter-high-${language}`);
    await person.press('Escape');
    await person.page.locator('dialog').waitFor({ state: 'detached' });
    // What cannot be is refused at the field.
    await person.press('w');
    await person.page.locator('dialog input:focus').waitFor();
    await person.type('123456');
    await person.page.locator('dialog .wrong').waitFor();
    await person.press('Escape');
    await person.page.locator('dialog').waitFor({ state: 'detached' });

    person.start();
    person.think();
    await person.press('w');
    await person.page.locator('dialog input:focus').waitFor();
    const reading = padded(Number(home.read) + 21);
    await person.type(reading);
    await person.page.locator('[data-part=computed] .facts', { hasText: '21 kWh' }).waitFor();
    await picture(person, `enter-${language}`);
    await person.press('Tab');
    await person.type('photo by mail');
    await person.press('Enter');
    await person.page.locator('dialog').waitFor({ state: 'detached' });
    within(`enter a read, ${language} ${zoom * 100} %`, person.stop(), { keys: 24, clicks: 0, seconds: 15 });
    const there = (await read(`/v1/meters/${home.serial}`)).reads.filter((one) => one.reading === reading);
    assert.equal(there.length, 1);
    await person.press('Control+z');
    await person.page.locator('.toast', { hasText: reading }).last().waitFor();
    await person.page.waitForTimeout(500);
    assert.equal((await read(`/v1/meters/${home.serial}`)).reads.filter((one) => one.reading === reading).length, 0);
    assert.deepEqual(person.failures, []);
    await person.context.close();
  });
}

test('a meter is corrected after a look at the bills that rest on it', async () => {
  const home = await registerHome(2);
  const person = await Person.sit(browser, city, 'j.park', { language: 'es' });
  await person.go(`/meters/${home.serial}?tab=facts`);
  await person.page.locator('[data-do=correct]').click();
  const field = (name) => person.page.locator('dialog').getByLabel(name, { exact: true });
  await field('Constante del registro').fill('2');
  const preview = person.page.locator('dialog .balance');
  await preview.locator('table').nth(1).waitFor();
  assert.ok((await preview.getByRole('link', { name: home.bill }).count()) === 1, 'the last bill rests on it');
  assert.match(await preview.innerText(), /Multiplicador\s+1\s+2/);
  await preview.locator('.notice').waitFor();
  await picture(person, 'meter-correct');
  await field('Motivo').fill('placa leída');
  await person.press('Enter');
  await person.page.locator('dialog', { hasText: 'espera en Aprobaciones' }).waitFor();
  // The form alone is no matter of money.
  await field('Constante del registro').fill('1');
  await field('Forma').fill('9S');
  await preview.locator('table').nth(1).waitFor({ state: 'detached' });
  await field('Motivo').press('Enter');
  await person.page.locator('dialog').waitFor({ state: 'detached' });
  const meter = await read(`/v1/meters/${home.serial}`);
  assert.deepEqual([meter.form, meter.multiplier], ['9S', '1']);
  assert.deepEqual(person.failures, []);
  await person.context.close();
});

test('a finding is cleared by a ping', async () => {
  // A real finding: a day of a meter comes with an hour that cannot be.
  const delivered = city.run('sample', 'deliver', '--date', '2026-06-12', '--out', `${city.folder}/files`).trim().split('\n').map((line) => line.split(' '));
  const [, path] = delivered.find(([one]) => one === 'cmep');
  const lines = readFileSync(path, 'utf8').split('\n');
  const fields = lines.find((line) => line.split(',')[10] === 'KWH').split(',');
  fields[14 + 3 * 20 + 2] = '41';
  const strange = `${city.folder}/spike.cmep`;
  writeFileSync(strange, `${fields.join(',')}\n`);
  city.run('import', '--format', 'cmep', '--date', '2026-06-15', strange);
  const answer = await (await city.ask(token, 'POST', '/v1/reads/validations', { until: '2026-06-13', meters: [fields[7]] })).json();
  const found = answer.findings.find((one) => one.check === 'spike');
  assert.equal(found?.meter, fields[7], JSON.stringify(answer.found));
  const person = await Person.sit(browser, city, 's.lee');
  await person.press('g', 'l');
  const row = person.page.locator('.items li', { hasText: `${found.meter} (KWH): 41 kWh` });
  await row.waitFor();
  await row.click();
  await person.page.locator('.findings .detail .chart canvas').waitFor();
  await person.settled();
  await picture(person, 'finding-before');
  person.start();
  person.think();
  await person.press('p');
  await person.page.locator('dialog input:focus').waitFor();
  await person.press('Enter');
  await person.page.locator('dialog').waitFor({ state: 'detached' });
  // It is watched until it has answered; nobody asks again.
  await person.page.locator('[data-part=requests] .badge.good').first().waitFor({ timeout: 20_000 });
  await picture(person, 'finding-pinged');
  person.think();
  await person.press('m');
  await person.page.locator('dialog .facts').waitFor();
  await person.type('meter answers');
  await person.press('Enter');
  await person.page.locator('dialog').waitFor({ state: 'detached' });
  within('a finding cleared by a ping', person.stop(), { keys: 18, clicks: 0, seconds: 25 });
  const requests = (await read(`/v1/head-end/requests?meter=${found.meter}`)).items;
  assert.deepEqual(requests.map((one) => [one.kind, one.state]), [['ping', 'done']]);
  const settled = (await read('/v1/work-items?state=resolved&limit=200')).items.filter((one) => one.cause === 'vee.spike' && one.evidence.includes(`${found.meter} (KWH): 41 kWh`));
  assert.equal(settled[0]?.resolution, 'corrected');
  // The same evidence in the other language.
  const spanish = await read(`/v1/work-items/${settled[0].id}`, 'es');
  assert.match(spanish.evidence, /por encima del tercer intervalo más alto del día/);
  assert.deepEqual(person.failures, []);
  await person.context.close();
});

test('a meter is read now over its network; to cut it off takes a second person', async () => {
  const home = await registerHome(3);
  const person = await Person.sit(browser, city, 's.lee', { language: 'es' });
  await person.go(`/meters/${home.serial}`);
  person.start();
  await person.press('r');
  await person.page.locator('dialog input:focus').waitFor();
  await person.type('llamó');
  await person.press('Enter');
  await person.page.locator('[data-part=requests] .badge.good').first().waitFor({ timeout: 20_000 });
  within('read now', person.stop(), { keys: 8, clicks: 0, seconds: 20 });
  await picture(person, 'meter-network');
  const cut = person.page.locator('[data-ask=disconnect]');
  await cut.click();
  await person.page.locator('dialog input:focus').waitFor();
  await person.type('se mudó');
  await person.press('Enter');
  await person.page.locator('dialog .problem').waitFor();
  await picture(person, 'meter-disconnect');
  assert.equal((await read(`/v1/head-end/requests?meter=${home.serial}`)).items.filter((one) => one.kind === 'disconnect').length, 0);
  assert.deepEqual(person.failures, []);
  await person.context.close();
});

test('a high bill: from the bill to a concluded case, by keyboard', async () => {
  const home = await registerHome(4);
  const person = await Person.sit(browser, city, 's.lee');
  await person.go(`/bills/${home.bill}`);
  await person.page.locator('table.lines tbody tr').first().waitFor();
  person.start();
  person.think();
  await person.press('i');
  await person.page.locator('dialog input:focus').waitFor();
  await person.press('Enter');
  await person.page.locator('.steps li').first().waitFor();
  await picture(person, 'case-open');
  // R4.16: the questions in their fixed order.
  assert.deepEqual(await person.page.locator('.steps li').evaluateAll((all) => all.map((one) => one.id.slice(5))), ['reads_and_multiplier', 'estimated_or_true_up', 'days_in_period', 'price_or_season', 'discount_lost', 'weather', 'intervals_and_night_load', 'on_demand_read', 'field_read', 'meter_test']);
  for (const [key, words] of [['c', 'reads follow'], ['c', 'none'], ['e', 'two days more']]) {
    const open = await person.page.locator('.steps li.done').count();
    person.think();
    await person.press(key);
    await person.page.locator('dialog input:focus').waitFor();
    await person.type(words);
    await person.press('Enter');
    await person.page.locator('.steps li.done').nth(open).waitFor();
  }
  person.think();
  await person.press('f');
  await person.page.locator('dialog [data-part=preview] [data-proposal=letter]').waitFor();
  await picture(person, 'case-conclude');
  const before_ = (await read('/v1/work-items?cause=investigation.letter&limit=200')).items.length;
  await person.press('Tab');
  await person.type('longer');
  await person.press('Enter');
  await person.page.locator('dialog').waitFor({ state: 'detached' });
  await person.page.locator('h1 .badge.good').waitFor();
  within('open and conclude a high-bill case', person.stop(), { keys: 60, clicks: 0, seconds: 45 });
  await picture(person, 'case-concluded');
  assert.equal((await read('/v1/work-items?cause=investigation.letter&limit=200')).items.length, before_ + 1);
  assert.deepEqual(person.failures, []);
  await person.context.close();
});

test('a wrong multiplier: the dollars of each bill are seen before the case is concluded', async () => {
  const home = await registerHome(5);
  const opened = await (await city.ask(token, 'POST', '/v1/cases', { kind: 'high_bill', meter: home.serial, why: 'the plate says 2' })).json();
  await city.ask(token, 'POST', `/v1/cases/${opened.case}/steps`, { step: 'reads_and_multiplier', result: 'explains', found: 'the plate says 2' });
  const person = await Person.sit(browser, city, 's.lee', { language: 'es' });
  await person.go(`/cases/${opened.case}`);
  await person.page.locator('.steps li.done').first().waitFor();
  await picture(person, 'case-es');
  await person.press('f');
  await person.page.locator('dialog select').first().selectOption('wrong_multiplier');
  await person.page.locator('dialog input[type=date]').first().fill('2026-03-01');
  await person.page.locator('dialog input[inputmode=decimal]').fill('2');
  const table = person.page.locator('dialog [data-proposal=correction] tbody tr');
  await table.first().waitFor();
  await picture(person, 'case-correction');
  assert.ok((await table.count()) >= 2);
  assert.equal((await read(`/v1/cases/${opened.case}`)).state, 'in_work', 'a look changes nothing');
  // The evidence too is told in Spanish.
  assert.match(await person.page.locator('.steps').innerText(), /kWh por día/);
  await person.go('/cases');
  await person.page.locator('.grid-row:not(.head)').first().waitFor();
  await picture(person, 'cases-es');
  assert.deepEqual(person.failures, []);
  await person.context.close();
});

test('silent meters: all chosen are pinged, orders proposed, the ticket taken', async () => {
  const person = await Person.sit(browser, city, 's.lee');
  await person.go('/head-end?days=1');
  await person.page.locator('.badges .badge').first().waitFor();
  await picture(person, 'silent');
  const silent = (await read('/v1/head-end/silent?days=1')).meters;
  assert.ok(silent.length > 0);
  const ticket = await (await city.ask(token, 'GET', '/v1/head-end/silent/ticket?days=1')).text();
  assert.equal(ticket.trim().split('\r\n').length, silent.length + 1);
  person.start();
  person.think();
  // The first two are chosen.
  await person.press('x', 'j', 'x', 'p');
  await person.page.locator('dialog input:focus').waitFor();
  await person.press('Enter');
  await person.page.locator('dialog').waitFor({ state: 'detached' });
  await person.press('v');
  await person.page.locator('dialog .facts').waitFor();
  await person.press('Enter');
  await person.page.locator('dialog').waitFor({ state: 'detached' });
  within('silent meters pinged and visited', person.stop(), { keys: 8, clicks: 0, seconds: 20 });
  await person.go('/head-end?tab=requests');
  await person.page.locator('[data-part=requests] tbody tr').first().waitFor();
  await picture(person, 'requests');
  assert.deepEqual(person.failures, []);
  await person.context.close();
});

test('intervals are written by hand over what stands there', async () => {
  const tou = accounts.find((row) => /TOU|EV/.test(row.schedule));
  const serial = (await read(`/v1/accounts/${tou.account}`)).agreements[0].meters[0].serial;
  const person = await Person.sit(browser, city, 's.lee');
  await person.go(`/meters/${serial}?tab=reads`);
  await person.press('e');
  await person.page.locator('dialog .chart canvas').waitFor();
  await person.page.locator('dialog textarea').fill('0.4\n0.5');
  await person.page.locator('dialog [data-part=edited]').waitFor();
  await picture(person, 'edit');
  await person.page.locator('dialog .fields input').last().fill('load test');
  await person.page.locator('dialog button.main').click();
  await person.page.locator('dialog').waitFor({ state: 'detached' });
  const shown = (await read(`/v1/meters/${serial}`)).corrections.filter((one) => one.why.includes('load test'));
  assert.equal(shown.length, 2);
  assert.deepEqual(person.failures, []);
  await person.context.close();
});

test('a read that is missing is estimated with its arithmetic shown', async () => {
  const home = await registerHome(6);
  const person = await Person.sit(browser, city, 's.lee');
  await person.go(`/meters/${home.serial}?tab=reads`);
  await person.press('m');
  await person.page.locator('dialog input[type=date]').fill('2026-06-20');
  const worked = person.page.locator('dialog [data-part=worked] tbody tr');
  await worked.first().waitFor();
  await picture(person, 'estimate');
  assert.equal(await worked.count(), 5);
  assert.deepEqual(person.failures, []);
  await person.context.close();
});
