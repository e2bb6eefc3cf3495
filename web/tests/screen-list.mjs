// SPDX-License-Identifier: Apache-2.0
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
    ['meters', '/meters'],
    ['meter', `/meters/${serial}`],
    ['meter-facts', `/meters/${serial}?tab=facts`],
    ['meter-reads', `/meters/${serial}?tab=reads`],
    ['meter-tests', '/meters/V500013?tab=tests'],
    ['meter-comments', '/meters/V500013?tab=comments'],
    ['meter-exchange', `/meters/${serial}`, press('x')],
    ['runs', '/runs'],
    ['run-preview', `/runs?cycle=${due}`, async (person) => {
      await person.page.locator('[data-do=preview]').click();
      await person.page.locator('.facts').first().waitFor();
    }],
    ['register', '/register'],
    ['payments-counter', `/payments?tab=counter&account=${account}`],
    ['payments-files', '/payments?tab=files'],
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
