// Builds static/build/ from the sources beside this file: the stylesheet, the ES modules, the icons and the map
// library for staff pages. Every name carries a hash of its content, so that a browser may keep a file for ever;
// manifest.json says which name a source has now, field.json and speed.json which files only those need who go on walks
// or log speeds. Text is compressed here once instead of at each request.
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import * as esbuild from 'esbuild';
import * as sass from 'sass';

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(here, '..', 'node_modules');
const finished = path.join(here, 'build');
// Built aside and moved into place at the end, so that a running server never sees half a build.
const out = path.join(here, 'build.new');
const manifest = {};
// What residents never load: their phones do not keep it either. Whoever walks loads nothing of those who log speeds.
const APART = { field: { module: 'field.js', style: 'css/field.css' }, speed: { module: 'speed.js', style: 'css/speed.css' } };

/** Writes `content` under a hashed name and notes it in the manifest; gives the hashed name. */
async function put(name, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8).toUpperCase();
  const { dir, name: stem, ext } = path.parse(name);
  const hashed = path.posix.join(dir, `${stem}-${hash}${ext}`);
  await mkdir(path.join(out, dir), { recursive: true });
  await writeFile(path.join(out, hashed), content);
  manifest[name] = hashed;
  return hashed;
}

const minify = async (css) => (await esbuild.transform(css, { loader: 'css', minify: true })).code;

async function stylesheet(name) {
  const { css } = await sass.compileAsync(path.join(here, 'css', `${name}.scss`), {
    loadPaths: [modules],
    style: 'compressed',
    quietDeps: true,
  });
  await put(`css/${name}.css`, await minify(css));
}

async function icons() {
  for (const name of await readdir(path.join(here, 'icons'))) {
    await put(`icons/${name}`, await readFile(path.join(here, 'icons', name)));
  }
}

/** The service worker stands alone: it is served from the site's root, with the list of what it keeps before it. */
async function serviceWorker() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(here, 'js', 'service-worker.js')],
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['es2021', 'safari15'],
    write: false,
  });
  await put('js/service-worker.js', outputFiles[0].text);
}

/** Copies Leaflet and its clusters for the Folium pages. Leaflet finds its marker picture by the file's own name,
 * so the pictures keep their names inside a folder that carries the hash. */
async function mapLibrary() {
  const leaflet = path.join(modules, 'leaflet', 'dist');
  const cluster = path.join(modules, 'leaflet.markercluster', 'dist');
  const pictures = await Promise.all(
    ['layers.png', 'layers-2x.png', 'marker-icon.png', 'marker-icon-2x.png', 'marker-shadow.png'].map(
      async (name) => [name, await readFile(path.join(leaflet, 'images', name))],
    ),
  );
  const hash = createHash('sha256');
  pictures.forEach(([, bytes]) => hash.update(bytes));
  const folder = `images-${hash.digest('hex').slice(0, 8).toUpperCase()}`;
  await mkdir(path.join(out, 'vendor', folder), { recursive: true });
  for (const [name, bytes] of pictures) {
    await writeFile(path.join(out, 'vendor', folder, name), bytes);
    manifest[`vendor/images/${name}`] = `vendor/${folder}/${name}`;
  }
  const withoutMap = (js) => js.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
  const text = (folderName, name) => readFile(path.join(folderName, name), 'utf8');
  const css = (await text(leaflet, 'leaflet.css')).replaceAll('url(images/', `url(${folder}/`);
  const clusterCss = `${await text(cluster, 'MarkerCluster.css')}\n${await text(cluster, 'MarkerCluster.Default.css')}`;
  await put('vendor/leaflet.js', withoutMap(await text(leaflet, 'leaflet.js')));
  await put('vendor/leaflet.markercluster.js', withoutMap(await text(cluster, 'leaflet.markercluster.js')));
  await put('vendor/leaflet.markercluster.css', await minify(clusterCss));
  return put('vendor/leaflet.css', await minify(css));
}

async function scripts(leafletCss) {
  const { metafile } = await esbuild.build({
    entryPoints: [path.join(here, 'js', 'main.js')],
    outdir: path.join(out, 'js'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: ['es2021', 'safari15'],
    legalComments: 'none',
    metafile: true,
    nodePaths: [modules],
    // The picker map asks for the same stylesheet that the staff pages use, by its hashed name.
    define: { LEAFLET_CSS: JSON.stringify(`../${leafletCss}`) },
  });
  for (const [file, output] of Object.entries(metafile.outputs)) {
    if (!output.entryPoint) continue;
    const source = path.basename(output.entryPoint);
    manifest[`js/${source}`] = `js/${path.basename(file)}`;
  }
  for (const [name, { module, style }] of Object.entries(APART)) {
    const own = filesOf(metafile.outputs, module);
    await writeFile(path.join(out, `${name}.json`), `${JSON.stringify([manifest[style], ...own].sort(), null, 2)}\n`);
  }
  // Parts that several modules share have names of no source, and are asked for by no page: the phone keeps them too.
  for (const file of Object.keys(metafile.outputs).filter((name) => path.basename(name).startsWith('chunk-'))) {
    manifest[`js/${path.basename(file)}`] = `js/${path.basename(file)}`;
  }
}

/** The scripts that a module apart needs, without those that everybody has. */
function filesOf(outputs, module) {
  const sourceOf = (file) => path.basename(outputs[file].entryPoint ?? '');
  const isApart = (file) => Object.values(APART).some((one) => one.module === sourceOf(file));
  function reach(files, mayPass) {
    const found = new Set();
    const waiting = [...files];
    while (waiting.length) {
      const file = waiting.pop();
      if (found.has(file) || !mayPass(file)) continue;
      found.add(file);
      waiting.push(...outputs[file].imports.map((one) => one.path).filter((one) => one in outputs));
    }
    return found;
  }
  const main = Object.keys(outputs).filter((file) => sourceOf(file) === 'main.js');
  const others = reach(main, (file) => !isApart(file));
  const own = reach(Object.keys(outputs).filter((file) => sourceOf(file) === module), () => true);
  return [...own].filter((file) => !others.has(file)).map((file) => `js/${path.basename(file)}`);
}

async function compress() {
  const files = await readdir(out, { recursive: true });
  for (const name of files.filter((file) => /\.(css|js|svg)$/.test(file))) {
    const content = await readFile(path.join(out, name));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    await writeFile(path.join(out, `${name}.br`), brotliCompressSync(content, { params }));
    await writeFile(path.join(out, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
}

await rm(out, { recursive: true, force: true });
const [leafletCss] = await Promise.all([
  mapLibrary(), stylesheet('wardbook'), icons(), serviceWorker(), stylesheet('field'), stylesheet('speed'),
]);
await scripts(leafletCss);
await compress();
const sorted = Object.fromEntries(Object.entries(manifest).sort());
await writeFile(path.join(out, 'manifest.json'), `${JSON.stringify(sorted, null, 2)}\n`);
await rm(finished, { recursive: true, force: true });
await rename(out, finished);
