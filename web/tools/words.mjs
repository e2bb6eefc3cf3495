// SPDX-License-Identifier: Apache-2.0
// The catalogues of both languages must hold the same keys and holes, and every key that a screen
// names; a key that no screen names is dead. Fails the build otherwise.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const read = (code) => JSON.parse(readFileSync(join(root, `src/words/${code}.json`), 'utf8'));
const holes = (text) => (text.match(/\{\w+\}/g) ?? []).sort().join(' ');
// Of a plural its general form: one and only one may be said without a number.
const general = (value) => (typeof value === 'string' ? value : value.other);
const problems = [];
const en = read('en');
const es = read('es');
for (const key of new Set([...Object.keys(en), ...Object.keys(es)])) {
  if (!(key in en)) problems.push(`en.json lacks ${key}`);
  else if (!(key in es)) problems.push(`es.json lacks ${key}`);
  else if (holes(general(en[key])) !== holes(general(es[key]))) problems.push(`${key}: the holes differ`);
  else if (typeof es[key] === 'object' && !('many' in es[key])) problems.push(`es.json: ${key} lacks "many"`);
}
const files = [];
const walk = (folder) => {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) walk(path);
    else if (/\.tsx?$/.test(name)) files.push(readFileSync(path, 'utf8'));
  }
};
walk(join(root, 'src'));
const source = files.join('\n');
for (const match of source.matchAll(/\bt\(\s*'([^']+)'/g)) {
  if (!(match[1] in en)) problems.push(`a screen names ${match[1]}, which no catalogue has`);
}
for (const key of Object.keys(en)) {
  // word('cause', ...) counts for all keys of that family.
  const family = key.slice(0, key.indexOf('.'));
  if (!source.includes(`'${key}'`) && !source.includes(`word('${family}'`)) problems.push(`no screen names ${key}`);
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`words: ${Object.keys(en).length} in both languages`);
