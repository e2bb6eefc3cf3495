// SPDX-License-Identifier: Apache-2.0
import react from '@vitejs/plugin-react';
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig } from 'vite';

const out = '../build/web';

/** Beside each file of text its packed form: the program serves what it holds and packs nothing. */
function packed() {
  return {
    name: 'packed',
    closeBundle() {
      copyFileSync('../src/api/pages/docs.css', join(out, 'docs.css'));
      for (const folder of [out, join(out, 'assets')]) {
        for (const name of readdirSync(folder)) {
          if (!/\.(js|css|html)$/.test(name)) continue;
          const path = join(folder, name);
          writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
        }
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), packed()],
  base: '/',
  build: {
    outDir: out,
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  // With `npx vite` beside a running server, for whoever works on the workbench.
  server: { proxy: { '/v1': 'http://127.0.0.1:8080' } },
});
