// What the resident's first visit weighs, and what the lock file promises. Needs `npm run build` before.
import assert from 'node:assert/strict';
import { readFile, readdir, stat } from 'node:fs/promises';
import test from 'node:test';

const root = new URL('../../', import.meta.url);
const built = new URL('static/build/', root);
const text = (path) => readFile(new URL(path, root), 'utf8');

// Shared with the pages of the field it comes in more and smaller files than alone, which compress less well; what counts
// is the first visit as a whole, which `make bench only=weight` holds to 60 kB.
const CAPTURE_SCRIPT_BYTES = 27_200;
const STYLE_BYTES = 14_000;
// What a capture page never asks for, or only when somebody is signed in, a photo is picked, the map opened or the outbox
// looked at.
const LATER = ['picker-map', 'service-worker', 'photo-reading', 'outbox-page', 'outbox-preview', 'export', 'let-go', 'sign-out', 'capture-sent', 'copy', 'password-input', 'entry-form', 'place-form', 'row-keys', 'mask', 'server-drafts', 'together'];

// What residents never load, whatever they do.
const FIELD_SCRIPT_BYTES = 20_000;
const ofField = async () => JSON.parse(await text('static/build/field.json'));
const ofSpeed = async () => JSON.parse(await text('static/build/speed.json'));
// What is loaded to log vehicles; the start and the end of a session come in files of their own.
const LOG_SCRIPT_BYTES = 14_000;
const SPEED_BYTES = 29_000;

const sizeOf = async (name) => (await stat(new URL(name, built))).size;

test('the stylesheet weighs at most 14 kB, compressed', async () => {
  const manifest = JSON.parse(await text('static/build/manifest.json'));
  const bytes = await sizeOf(`${manifest['css/wardbook.css']}.br`);
  assert.ok(bytes <= STYLE_BYTES, `${bytes} bytes`);
});

test('all scripts of a capture page, outbox and sender with them, weigh at most 27.2 kB, compressed', async () => {
  const field = [...(await ofField()), ...(await ofSpeed())];
  const scripts = (await readdir(new URL('js/', built))).filter(
    (name) => name.endsWith('.js.br') && !LATER.some((later) => name.startsWith(`${later}-`)) && !field.includes(`js/${name.slice(0, -3)}`),
  );
  const sizes = await Promise.all(scripts.map((name) => sizeOf(`js/${name}`)));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(bytes <= CAPTURE_SCRIPT_BYTES, `${bytes} bytes in ${scripts.length} files`);
});

test('what a walk needs besides weighs at most 20 kB, compressed, and residents load none of it', async () => {
  const field = await ofField();
  const manifest = JSON.parse(await text('static/build/manifest.json'));
  assert.ok(field.includes(manifest['js/field.js']) && field.includes(manifest['css/field.css']));
  assert.ok(!field.includes(manifest['js/capture-form.js']) && !field.includes(manifest['js/main.js']));
  const sizes = await Promise.all(field.map((name) => sizeOf(`${name}.br`)));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(bytes <= FIELD_SCRIPT_BYTES, `${bytes} bytes`);
});

test('what the log of speed-watch needs weighs at most 14 kB of scripts, compressed, and nobody else loads any of it', async () => {
  const [field, speed] = [await ofField(), await ofSpeed()];
  const manifest = JSON.parse(await text('static/build/manifest.json'));
  assert.ok(speed.includes(manifest['js/speed.js']) && speed.includes(manifest['css/speed.css']));
  assert.ok(!field.includes(manifest['js/speed.js']) && !field.includes(manifest['css/speed.css']) && !speed.includes(manifest['js/field.js']));
  const sum = async (names) => (await Promise.all(names.map((name) => sizeOf(`${name}.br`)))).reduce((all, size) => all + size, 0);
  const bytes = await sum(speed.filter((name) => name.startsWith('js/') && !/speed-(begin|end)-/.test(name)));
  assert.ok(bytes <= LOG_SCRIPT_BYTES, `${bytes} bytes`);
  const all = await sum(speed);
  assert.ok(all <= SPEED_BYTES, `${all} bytes`);
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
