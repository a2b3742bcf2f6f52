import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from './sources.js'

const run = promisify(execFile)
const optional = [
  '@bufbuild/protobuf',
  '@grpc/grpc-js',
  '@marcbachmann/cel-js',
  '@opentelemetry/sdk-trace-node',
  'etcd3',
  'reflect-metadata',
]

describe('the packed tarball', { timeout: 240_000 }, () => {
  let folder: string
  let tarball: string
  let subpaths: string[]

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tierkit-pack-'))
    await run('npm', ['run', 'build', '--silent'], { cwd: root })
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root })
    tarball = join(folder, (await readdir(folder)).find((file) => file.endsWith('.tgz')) ?? '')
    const home = join(folder, 'node_modules', 'tierkit')
    await mkdir(home, { recursive: true })
    await run('tar', ['-xzf', tarball, '-C', home, '--strip-components=1'])
    // The dependencies as npm would put them beside the package, the optional peers left out.
    const manifest = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'))
    subpaths = Object.keys(manifest.exports)
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
      if (optional.includes(name)) continue
      await mkdir(join(folder, 'node_modules', name, '..'), { recursive: true })
      await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name))
    }
  }, 240_000)

  afterAll(() => rm(folder, { recursive: true, force: true }))

  const node = async (file: string, text: string): Promise<string> => {
    await writeFile(join(folder, file), text)
    return (await run(process.execPath, [join(folder, file)], { cwd: folder })).stdout
  }
  // These name the peers that they are for.
  const needsPeer = /registry\/etcd$|observability\/otel$|transport\/grpc-js$/
  const importable = (): string[] => subpaths.filter((name) => !needsPeer.test(name) && name !== './package.json')

  it('imports on every subpath as ESM without the optional peers', async () => {
    const names = importable().map((subpath) => `tierkit${subpath.slice(1)}`)
    const text = `${names.map((name) => `await import('${name}')`).join('\n')}\nconsole.log('all')`
    expect(await node('all.mjs', text)).toContain('all')
  })

  it('loads on every subpath by require', async () => {
    const names = importable().map((subpath) => `tierkit${subpath.slice(1)}`)
    const text = `${names.map((name) => `require('${name}')`).join('\n')}\nconsole.log('all')`
    expect(await node('all.cjs', text)).toContain('all')
  })

  it('loads neither grpc-js nor etcd3 nor the OTel SDK with the front door', async () => {
    const text = `const before = new Set(Object.keys(require.cache)); require('tierkit')
      console.log(Object.keys(require.cache).filter((f) => /grpc-js|etcd3|sdk-trace/.test(f)).length)`
    expect((await node('front.cjs', text)).trim()).toBe('0')
  })

  it('holds nothing but what a user needs', async () => {
    const { stdout } = await run('tar', ['-tzf', tarball])
    const stray = stdout
      .trim()
      .split('\n')
      .filter((file) => !/^package\/(dist\/|package\.json|README\.md|LICENSE|CHANGELOG\.md)/.test(file))
    expect(stray).toEqual([])
  })

  it('is clean by publint', async () => {
    const { messages } = await publint({ pkgDir: root, strict: true })
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([])
  })

  it('has the right types for every way of importing it, by attw', async () => {
    const data = new Uint8Array(await readFile(tarball))
    const result = await checkPackage(createPackageFromTarballData(data))
    const problems = 'problems' in result ? result.problems : []
    // One ESM build serves both: `require` of it works from Node 20.19 on; node10 resolution knows no `exports`.
    const known = new Set(['CJSResolvesToESM'])
    const wrong = problems.filter(
      (problem) => !known.has(problem.kind) && !('resolutionKind' in problem && problem.resolutionKind === 'node10'),
    )
    expect(wrong).toEqual([])
  })
})
