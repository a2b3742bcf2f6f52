import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'

const source = fileURLToPath(new URL('src', import.meta.url))
const { exports, bin } = JSON.parse(await readFile(new URL('package.json', import.meta.url), 'utf8'))
const files = [...Object.values(exports).map((target) => target.default), ...Object.values(bin)]
const names = files.flatMap((file) => /^\.\/dist\/(.*)\.js$/.exec(file ?? '')?.[1] ?? [])

/** The sources say `.js`, as the language has it. */
const typescript = {
  name: 'typescript',
  resolveId: (id, importer) => {
    if (id.startsWith('.')) return fileURLToPath(new URL(id.replace(/\.js$/, '.ts'), `file://${importer}`))
    return id.startsWith(source) ? id : { id, external: true }
  },
  transform: async (code, id) => ({
    code: (await transform(code, { loader: 'ts', target: 'node20', sourcefile: id })).code,
  }),
}

let core

/** What `tierkit` itself loads, in few files: each one to be read costs more than most of what is in it. */
function manualChunks(id, { getModuleInfo }) {
  core ??= reachable(`${source}/index.ts`, getModuleInfo)
  if (!core.has(id)) return undefined
  const [floor] = relative(source, id).split('/')
  return floor === 'error' || floor === 'codec' ? floor : 'core'
}

function reachable(from, getModuleInfo, found = new Set()) {
  if (found.has(from)) return found
  found.add(from)
  for (const id of getModuleInfo(from)?.importedIds ?? [])
    if (id.startsWith(source)) reachable(id, getModuleInfo, found)
  return found
}

/** The package, as it is published. */
export default {
  input: Object.fromEntries(names.map((name) => [name, `${source}/${name}.ts`])),
  plugins: [typescript],
  onwarn: (warning) => {
    throw new Error(warning.message)
  },
  output: {
    dir: 'dist',
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunk/[name]-[hash].js',
    hoistTransitiveImports: false,
    minifyInternalExports: false,
    manualChunks,
  },
}
