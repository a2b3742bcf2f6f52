import { join } from 'node:path'
import type { MessageCodec } from 'tierkit/codec'
import { generate } from 'tierkit/generate'
import { loadProto } from 'tierkit/service'
import { folderWith } from './fixtures.js'

/** What code exports that is generated from files, and the contract that these are when they are read. */
export async function modulesOf(files: Readonly<Record<string, string>>) {
  const folder = folderWith({ 'package.json': '{ "type": "module" }', ...files })
  const paths = generate({ files: [folder], out: folder, importExtension: '.ts' })
  const contract = loadProto(
    Object.keys(files).map((path) => join(folder, path)),
    { includes: [folder] },
  )
  const modules = await Promise.all(paths.map((path) => import(path) as Promise<Record<string, unknown>>))
  const exported: Record<string, unknown> = Object.assign({}, ...modules)
  return { exported, codec: (name: string) => exported[name] as MessageCodec, contract }
}
