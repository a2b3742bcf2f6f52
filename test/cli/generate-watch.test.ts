import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderWith } from '../generate/fixtures.js'
import { finish, run, start } from './run.js'

const money = (field: string) => `syntax = "proto3"; package shop.v1; message Money { int64 ${field} = 1; }`
const order = 'syntax = "proto3"; package shop.v1; import "money.proto"; message Order { Money total = 1; }'

/** Runs `generate --watch`; each time that it waits, the next step is taken; behind the last one it is ended. */
async function watching(args: readonly string[], steps: readonly (() => void)[]) {
  const end = new AbortController()
  const left = [...steps]
  return run(['generate', ...args, '--watch'], {
    signal: end.signal,
    warned: (line) => {
      if (!line.endsWith('waiting for changes')) return
      const step = left.shift()
      if (step) step()
      else end.abort()
    },
  })
}

describe('tierkit generate --watch', () => {
  it('writes again what changes, goes on after errors, and ends with 0', { timeout: 30_000 }, async () => {
    const folder = folderWith({ 'money.proto': money('units'), 'order.proto': order })
    const out = join(folder, 'out')
    const ran = await watching(
      [folder, '--out', out],
      [
        () => writeFileSync(join(folder, 'money.proto'), '!'),
        () => writeFileSync(join(folder, 'money.proto'), money('cents')),
      ],
    )
    expect(ran.code).toBe(0)
    // The order has not changed: it is written once.
    expect(ran.out).toBe(`${out}/money_pb.ts\n${out}/order_pb.ts\n${out}/money_pb.ts\n`)
    expect(ran.err.split('\n')).toEqual([
      'written; waiting for changes',
      `${join(folder, 'money.proto')}:1:1: illegal token '!'`,
      'nothing was written; waiting for changes',
      'written; waiting for changes',
      '',
    ])
    expect(readFileSync(join(out, 'money_pb.ts'), 'utf8')).toContain('cents: bigint')
  })

  it('sees changes of imported files that were not named, and of those that come anew', {
    timeout: 30_000,
  }, async () => {
    const folder = folderWith({ 'lib/money.proto': money('units'), 'app/order.proto': order })
    const out = join(folder, 'out')
    const ran = await watching(
      [join(folder, 'app'), '-I', join(folder, 'lib'), '--out', out],
      [
        () => writeFileSync(join(folder, 'lib/money.proto'), money('cents')),
        () => writeFileSync(join(folder, 'app/late.proto'), 'message Late {}'),
      ],
    )
    expect(ran.out.split('\n').slice(2)).toEqual([`${out}/money_pb.ts`, `${out}/late_pb.ts`, ''])
  })

  it('ends on Ctrl-C', { timeout: 60_000 }, async () => {
    const folder = folderWith({ 'money.proto': money('units') })
    const child = start('generate', folder, '--out', folder, '--watch')
    child.stderr.once('data', () => child.kill('SIGINT'))
    expect(await finish(child)).toEqual({
      code: 0,
      out: `${folder}/money_pb.ts\n`,
      err: 'written; waiting for changes\n',
    })
  })
})
