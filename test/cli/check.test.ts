import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { folderWith } from '../generate/fixtures.js'
import { run } from './run.js'

const order = 'syntax = "proto3"; package shop.v1;\nmessage Order {\n  string id = 1;\n  int32 count = 2;\n}\n'
const library = fileURLToPath(new URL('../generate/proto/library.fixture.ts', import.meta.url))

describe('tierkit check', () => {
  it('prints a line for each change that breaks somebody, and ends with 1', async () => {
    const old = folderWith({ 'shop/v1/order.proto': order })
    const now = folderWith({ 'shop/v1/order.proto': order.replace('int32 count', 'string number') })
    const ran = await run(['check', '--against', old, now])
    const at = join(now, 'shop/v1/order.proto:4:3: shop.v1.Order.number')
    expect(ran).toEqual({
      code: 1,
      err: '',
      out:
        `${at}: field 2 is called number, was count [FIELD_RENAMED: json, source]\n` +
        `${at}: is string, was int32 [FIELD_TYPE_CHANGED: wire, json, source]\n`,
    })
  })

  it('ends with 0 when nothing breaks those who count, or it is meant', async () => {
    const old = folderWith({ 'a.proto': order })
    const now = folderWith({ 'a.proto': order.replace('count', 'number') })
    expect(await run(['check', '--against', old, old])).toEqual({ code: 0, out: '', err: '' })
    expect((await run(['check', '--against', old, now, '--category', 'json,source'])).code).toBe(1)
    expect((await run(['check', '--against', old, now, '--category', 'wire'])).code).toBe(0)
    expect((await run(['check', '--against', old, now, '--ignore', 'FIELD_RENAMED:shop.v1.Order'])).code).toBe(0)
  })

  it('prints objects', async () => {
    const old = folderWith({ 'a.proto': order })
    const now = folderWith({ 'a.proto': order.replace('  int32 count = 2;\n', '') })
    const ran = await run(['check', '--against', join(old, 'a.proto'), join(now, 'a.proto'), '--format', 'json'])
    expect(JSON.parse(ran.out)).toEqual({
      rule: 'FIELD_REMOVED',
      categories: ['wire', 'json', 'source'],
      fullName: 'shop.v1.Order.count',
      text: 'field 2 is removed without reserving number 2 and the name count',
      file: join(old, 'a.proto'),
      line: 4,
      column: 3,
    })
  })

  it('compares with what git has at a branch, and leaves the work tree alone', async () => {
    const folder = folderWith({ 'protos/shop/v1/order.proto': order, 'other.proto': 'not a contract' })
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: folder, stdio: 'pipe' })
    git('init', '-q', '-b', 'main')
    git('add', '.')
    git('commit', '-q', '-m', 'first')
    writeFileSync(join(folder, 'protos/shop/v1/order.proto'), order.replace('  string id = 1;\n', ''))
    const place = `${folder}/.git#branch=main,subdir=protos`
    const ran = await run(['check', '--against', place, join(folder, 'protos')])
    expect(ran).toMatchObject({ code: 1, err: '' })
    expect(ran.out).toMatch(/^main:protos\/shop\/v1\/order\.proto:3:3: shop\.v1\.Order\.id: field 1 is removed/)
    const wrong = await run(['check', '--against', `${folder}/.git#branch=nope`, folder])
    expect(wrong).toMatchObject({ code: 64, out: '' })
    expect(wrong.err).toContain('nope')
  })

  it('compares code with files', async () => {
    const folder = folderWith({})
    expect((await run(['generate', '--from', library, '--proto', folder])).code).toBe(0)
    expect(await run(['check', '--against', folder, '--from', library])).toEqual({ code: 0, out: '', err: '' })
    const other = folderWith({ 'library/v1/library.proto': 'syntax = "proto3"; package library.v1; message Gone {}' })
    const ran = await run(['check', '--against', other, library])
    expect(ran.out).toContain('library/v1/library.proto:1:40: library.v1.Gone: message is removed')
  })

  it('ends with 1 and the places when a contract is wrong', async () => {
    const folder = folderWith({ 'a.proto': 'message A {' })
    const ran = await run(['check', '--against', folder, folder])
    expect(ran).toMatchObject({ code: 1, out: '' })
    expect(ran.err).toContain(`${join(folder, 'a.proto')}:1`)
  })

  it.each([
    [[], '--against is missing'],
    [['--against', 'x', '--format', 'xml'], '--format is text or json, not "xml"'],
    [['--against', 'x', '--category', 'wire,nope'], '--category is of wire, json, source, not "nope"'],
    [['--against', '.git#branch', 'x'], '.git#branch is no place in git'],
    [['--against', '.git#branch=a', '--against', 'b', 'x'], '.git#branch=a is a whole contract'],
    [['--against', 'nowhere.ts', 'x'], 'there is no file or folder nowhere.ts'],
  ])('explains the wrong arguments %o', async (args, text) => {
    const ran = await run(['check', ...args])
    expect(ran.code).toBe(64)
    expect(ran.err).toContain(text)
  })

  it('has help', async () => {
    expect(await run(['check', '--help'])).toMatchObject({ code: 0, err: '' })
  })

  it('tells a mistyped place from a contract that breaks', async () => {
    expect(await run(['check', '--against', 'HEAD'])).toEqual({
      code: 64,
      out: '',
      err: 'tierkit: there is no file or folder HEAD; a place in git is written like .git#ref=HEAD\n',
    })
  })
})
