// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';

/** Every screen: its name, its address, and what opens what is not open by itself. */
export async function screensOf(city) {
  const token = await city.token('s.lee');
  const read = async (path) => (await (await city.ask(token, 'GET', path)).json());
  const accounts = (await read('/v1/accounts?limit=200')).items;
  const bills = (await read('/v1/bills?from=2026-05-01&until=2026-06-20&limit=200')).items;
  const tou = accounts.find((row) => /TOU|EV/.test(row.schedule)) ?? accounts[0];
  const account = accounts[3].account;
  const bill = bills.find((row) => row.account === account)?.bill ?? bills.at(-1).bill;
  const due = (await read('/v1/cycles/due')).items[0]?.cycle ?? '05';
  const serial = (await read(`/v1/accounts/${account}`)).agreements[0].meters[0].serial;
  // A case to look at; one that is there already does as well.
  const there = (await read(`/v1/cases?meter=${serial}&state=open`)).items[0];
  const opened = there?.case ?? (await (await city.ask(token, 'POST', '/v1/cases', { kind: 'high_bill', meter: serial, why: 'twice as high' })).json()).case;
  const press = (key) => async (person) => {
    await person.page.keyboard.press(key);
    await person.page.waitForTimeout(100);
  };
  return [
    ['inbox', '/inbox'],
    ['inbox-decide', '/inbox', press('a')],
    ['reads', '/reads'],
    ['reads-decide', '/reads', async (person) => {
      // Without a finding there is nothing to decide, and the list says so.
      if (await person.page.locator('.items li').count()) await press('a')(person);
    }],
    ['reads-came', '/reads?tab=freshness'],
    ['reads-rules', '/reads?tab=rules'],
    ['reads-rules-tried', '/reads?tab=rules', async (person) => {
      const rules = readFileSync(new URL('../../tariffs/valdoro/vee.yaml', import.meta.url), 'utf8');
      const closing = `close: {kwh: "10", dollars: "2.50", sample_percent: "5"}, verdict: fail`;
      await person.page.locator('textarea').fill(rules.replaceAll('spike: {verdict: fail', `spike: {${closing}`));
      await person.page.locator('input[type=number]').fill('3');
      await person.page.locator('form button.main').click();
      await person.page.getByRole('columnheader', { name: /wrongly|error$/ }).first().waitFor();
    }],
    ['accounts', '/accounts'],
    ['account', `/accounts/${account}`],
    ['account-days', `/accounts/${tou.account}?tab=service`, async (person) => {
      await person.page.locator('.usage button').nth(3).click();
      await person.settled();
    }],
    ['account-known', `/accounts/${tou.account}?tab=service`, async (person) => {
      await person.page.locator('.usage button').nth(3).click();
      await person.settled();
      const last = await person.page.evaluate(() => [...document.querySelectorAll('.usage a[download]')].map((a) => decodeURIComponent(a.href)).join().trim().split('\r\n').at(-1).slice(0, 10));
      await person.page.locator('.usage input[type=date]').fill(new Date(Date.parse(last) - 5 * 86400000).toISOString().slice(0, 10));
      await person.settled();
    }],
    ['account-bills', `/accounts/${account}?tab=bills`],
    ['account-ledger', `/accounts/${account}?tab=ledger`],
    ['account-service', `/accounts/${account}?tab=service`],
    ['account-contact', `/accounts/${account}?tab=contact`],
    ['account-history', `/accounts/${account}?tab=history`],
    ['account-schedules', `/accounts/${account}/schedules`],
    ['account-note', `/accounts/${account}`, press('n')],
    ['bill', `/bills/${bill}`],
    ['import', '/import'],
    ['import-files', '/import?tab=files'],
    ['import-mappings', '/import?tab=mappings'],
    ['meters', '/meters'],
    ['meter', `/meters/${serial}`],
    ['meter-facts', `/meters/${serial}?tab=facts`],
    ['meter-correct', `/meters/${serial}?tab=facts`, async (person) => {
      await person.page.locator('[data-do=correct]').click();
      await person.page.locator('dialog input').nth(2).fill('2');
      await person.page.locator('dialog .balance').waitFor();
    }],
    ['meter-reads', `/meters/${serial}?tab=reads`],
    ['meter-tests', '/meters/V500013?tab=tests'],
    ['meter-comments', '/meters/V500013?tab=comments'],
    ['meter-exchange', `/meters/${serial}`, press('x')],
    ['meter-network', `/meters/${serial}?tab=network`],
    ['meter-ask', `/meters/${serial}`, press('r')],
    ['meter-enter-read', `/meters/${serial}`, press('w')],
    ['meter-estimate-read', `/meters/${serial}`, press('m')],
    ['cases', '/cases'],
    ['case-open', '/cases', press('n')],
    ['case', `/cases/${opened}`],
    ['case-answer', `/cases/${opened}`, press('c')],
    ['case-conclude', `/cases/${opened}`, press('f')],
    ['head-end', '/head-end?days=1'],
    ['head-end-requests', '/head-end?tab=requests'],
    ['routes', '/routes'],
    ['routes-calendar', '/routes?tab=calendar&year=2026'],
    ['routes-missed', '/routes?tab=missed'],
    ['route', '/routes/90-01'],
    ['route-move', '/routes/05-01', async (person) => {
      await press('v')(person);
      await person.page.locator('dialog select').selectOption('06-01');
      await person.page.locator('.balance').waitFor();
    }],
    ['runs', '/runs'],
    ['run-preview', `/runs?cycle=${due}`, async (person) => {
      await person.page.locator('[data-do=preview]').click();
      await person.page.locator('.facts').first().waitFor();
    }],
    ['register', '/register'],
    ['payments-counter', `/payments?tab=counter&account=${account}`],
    ['payments-drafts', '/payments?tab=drafts'],
    ['payments-day', '/payments?tab=day&date=2026-06-08'],
    ['schedules', '/schedules'],
    ['schedule', '/schedules/R-1?from=2024-07-01&until=2025-07-01'],
    ['reports', '/reports?report=trial-balance'],
    ['approvals', '/admin/approvals'],
    ['jobs', '/admin/jobs'],
    ['users', '/admin/users'],
    ['roles', '/admin/roles'],
    ['audit', '/admin/audit'],
    ['health', '/admin/health'],
    ['profile', '/me'],
    ['palette', '/inbox', press('Control+k')],
    ['keys', '/inbox', press('?')],
  ];
}
