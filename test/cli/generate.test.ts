import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { folderWith } from '../generate/fixtures.js'
import { run } from './run.js'

const money = 'syntax = "proto3"; package shop.v1; message Money { int64 units = 1; }'
const orders = 'syntax = "proto3"; package shop.v1; import "shop/v1/money.proto"; message Order { Money total = 1; }'

describe('tierkit generate', () => {
  it('writes code for files and the imports found in the paths given, and prints what it wrote', async () => {
    const folder = folderWith({ 'a/shop/v1/orders.proto': orders, 'b/shop/v1/money.proto': money })
    const out = join(folder, 'out')
    const ran = await run([
      'generate',
      join(folder, 'a/shop/v1/orders.proto'),
      ...['-I', join(folder, 'a'), '--proto-path', join(folder, 'b'), '--out', out],
    ])
    expect(ran).toEqual({ code: 0, err: '', out: `${out}/shop/v1/money_pb.ts\n${out}/shop/v1/orders_pb.ts\n` })
    expect(readFileSync(join(out, 'shop/v1/orders_pb.ts'), 'utf8')).toContain("from './money_pb.js'")
  })

  it('takes folders, and the extension of imports', async () => {
    const folder = folderWith({ 'shop/v1/orders.proto': orders, 'shop/v1/money.proto': money })
    const ran = await run(['generate', folder, '--out', folder, '--import-extension', '.ts'])
    expect(ran.code).toBe(0)
    expect(readFileSync(join(folder, 'shop/v1/orders_pb.ts'), 'utf8')).toContain("from './money_pb.ts'")
  })

  it('takes a descriptor set instead of files', async () => {
    const set = fileURLToPath(new URL('../generate/descriptors/acme.binpb', import.meta.url))
    const folder = folderWith({})
    const ran = await run(['generate', '--descriptor-set', set, '--out', folder])
    expect(ran).toEqual({ code: 0, err: '', out: `${folder}/acme/options_pb.ts\n${folder}/acme/shop_pb.ts\n` })
    const missing = await run(['generate', '--descriptor-set', join(folder, 'x.binpb'), '--out', folder])
    expect(missing).toEqual({ code: 1, out: '', err: `${join(folder, 'x.binpb')}: there is no such file\n` })
  })

  it('leaves files alone that have the same text already', async () => {
    const folder = folderWith({ 'money.proto': money })
    await run(['generate', folder, '--out', folder])
    utimesSync(join(folder, 'money_pb.ts'), 1, 1)
    expect((await run(['generate', folder, '--out', folder])).out).toBe(`${folder}/money_pb.ts\n`)
    expect(statSync(join(folder, 'money_pb.ts')).mtimeMs).toBe(1000)
  })

  it('ends with 1 and file, line and column of each problem, and writes nothing', async () => {
    const folder = folderWith({ 'a.proto': '\nmessage A {', 'b.proto': '!', 'c.proto': 'message C {}' })
    const ran = await run(['generate', folder, '--out', join(folder, 'out')])
    expect(ran).toMatchObject({ code: 1, out: '' })
    expect(ran.err.split('\n')).toEqual([
      `${join(folder, 'a.proto')}:2:12: unexpected end of the file`,
      `${join(folder, 'b.proto')}:1:1: illegal token '!'`,
      '',
    ])
    expect(existsSync(join(folder, 'out'))).toBe(false)
  })

  it.each([
    [[], '.proto files or folders are missing'],
    [['a.proto'], '--out is missing'],
    [['a.proto', '--out', 'x', '--import-extension', 'js'], '--import-extension is .js, .ts, none, not "js"'],
    [['a.proto', '--nope'], 'nope'],
    [['a.proto', '--descriptor-set', 'b', '--out', 'x'], 'one of them will do'],
  ])('explains the wrong arguments %o', async (args, text) => {
    const ran = await run(['generate', ...args])
    expect(ran.code).toBe(64)
    expect(ran.err).toContain(text)
  })

  it('has help', async () => {
    const ran = await run(['generate', '--help'])
    expect(ran).toMatchObject({ code: 0, err: '' })
    expect(ran.out).toContain('--proto-path')
  })
})
