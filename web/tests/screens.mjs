// SPDX-License-Identifier: Apache-2.0
// A picture of every screen in both languages, light and dark, wide and narrow: to be looked at.
// node tests/screens.mjs FOLDER
import { mkdirSync } from 'node:fs';
import { City, Person, openBrowser } from './stage.mjs';
import { screensOf } from './screen-list.mjs';

const folder = process.argv[2] ?? new URL('../../build/screens', import.meta.url).pathname;
mkdirSync(folder, { recursive: true });
const city = await City.open();
await city.giveEntrance('s.lee');
const browser = await openBrowser();
const screens = await screensOf(city);
for (const language of ['en', 'es']) {
  const person = await Person.sit(browser, city, 's.lee', { language, scheme: language === 'es' ? 'dark' : 'light' });
  for (const [name, path, act] of screens) {
    await person.go(path);
    await act?.(person);
    await person.page.waitForTimeout(250);
    await person.page.screenshot({ path: `${folder}/${name}.${language}.png`, fullPage: false });
  }
  if (person.failures.length > 0) console.log(person.failures.join('\n'));
  await person.context.close();
}
const phone = await Person.sit(browser, city, 's.lee', { width: 390, height: 800 });
for (const [name, path] of screens.filter(([one]) => ['account', 'inbox', 'approvals', 'bill'].includes(one))) {
  await phone.go(path);
  await phone.page.waitForTimeout(250);
  await phone.page.screenshot({ path: `${folder}/${name}.phone.png` });
}
await browser.close();
await city.close();
console.log(`pictures of ${screens.length} screens are in ${folder}`);
