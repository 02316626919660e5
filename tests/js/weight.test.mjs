// What the resident's first visit weighs, and what the lock file promises. Needs `npm run build` before.
import assert from 'node:assert/strict';
import { readFile, readdir, stat } from 'node:fs/promises';
import test from 'node:test';

const root = new URL('../../', import.meta.url);
const built = new URL('static/build/', root);
const text = (path) => readFile(new URL(path, root), 'utf8');

const FIRST_VISIT_BYTES = 30_000;
const LATER = ['picker-map', 'capture-sent', 'copy', 'password-input'];

test('stylesheet and first scripts weigh at most 30 kB, compressed', async () => {
  const manifest = JSON.parse(await text('static/build/manifest.json'));
  const scripts = (await readdir(new URL('js/', built))).filter(
    (name) => name.endsWith('.js.br') && !LATER.some((later) => name.startsWith(`${later}-`)),
  );
  const files = [`${manifest['css/wardbook.css']}.br`, ...scripts.map((name) => `js/${name}`)];
  const sizes = await Promise.all(files.map(async (name) => (await stat(new URL(name, built))).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(bytes <= FIRST_VISIT_BYTES, `${bytes} bytes in ${files.length} files`);
});

test('every name in the manifest exists and carries a hash', async () => {
  const manifest = JSON.parse(await text('static/build/manifest.json'));
  for (const name of Object.values(manifest)) {
    assert.match(name, /-[0-9A-Z]{8}[./]/);
    assert.ok((await stat(new URL(name, built))).size > 0);
  }
});

test('the lock file holds no download addresses and packages have exact versions', async () => {
  assert.doesNotMatch(await text('package-lock.json'), /"resolved"/);
  const { dependencies, devDependencies } = JSON.parse(await text('package.json'));
  for (const version of Object.values({ ...dependencies, ...devDependencies })) assert.match(version, /^\d+\.\d+\.\d+$/);
});
