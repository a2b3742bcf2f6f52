import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writeProto } from '../../generate/proto/write-proto.js'
import { type Terminal, UsageError } from '../command.js'
import { loadContracts } from './load-contracts.js'

/** What `tierkit generate --from` is told. */
export interface FromOptions {
  /** Modules that export contracts. */
  readonly from: readonly string[]
  /** The folder that `.proto` files go to. */
  readonly proto: string | undefined
  /** What is for contracts that come from `.proto` files. */
  readonly others: readonly string[]
}

/** Writes the contracts that modules export as `.proto` files, and prints their paths. Files with the same text stay as they are. */
export async function writeFrom({ from, proto, others }: FromOptions, terminal: Terminal): Promise<number> {
  if (from.length === 0) throw new UsageError('--from is missing: the modules that .proto files are written from')
  if (proto === undefined) throw new UsageError('--proto is missing: the folder that .proto files go to')
  if (others.length > 0)
    throw new UsageError(`--from writes .proto files from code: ${others.join(', ')} does not go with it`)
  const header = `Written by tierkit from ${from.join(', ')}.`
  for (const { path, text } of writeProto((await loadContracts(from)) as object[], { header })) {
    const target = join(proto, path)
    if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
      mkdirSync(dirname(target), { recursive: true })
      writeFileSync(target, text)
    }
    await terminal.print(target)
  }
  return 0
}
