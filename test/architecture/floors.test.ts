import { describe, expect, it } from 'vitest'
import { roomOf, sources } from './sources.js'

const floors = [
  ['error'],
  ['codec', 'http2', 'resilience'],
  ['endpoint'],
  ['registry', 'observability', 'config'],
  ['service', 'middleware', 'balancer', 'transport'],
  ['client', 'app'],
  ['testing', 'generate'],
  ['cli'],
  ['index.ts'],
]
const floorOf = (path: string): number => floors.findIndex((rooms) => rooms.includes(roomOf(path).split('/')[0] ?? ''))

/** Why an import is allowed although the floors forbid it. */
const exceptions: Record<string, string> = {}

describe('floors', () => {
  it.each(sources.map(({ path }) => path))('%s stands on a floor', (path) => {
    expect(floorOf(path)).toBeGreaterThanOrEqual(0)
  })

  it('a folder imports only from lower floors, and never from a folder on its own', () => {
    const wrong = sources.flatMap(({ path, imports }) =>
      imports
        .filter((target) => roomOf(target) !== roomOf(path))
        // The files directly in transport/ are the seam that every transport shares.
        .filter((target) => !(roomOf(path).startsWith('transport/') && roomOf(target) === 'transport'))
        // What gRPC says, whatever HTTP/2 it is said over.
        .filter((target) => !(roomOf(path).startsWith('transport/') && roomOf(target) === 'transport/grpc-wire'))
        .filter((target) => floorOf(target) >= floorOf(path))
        .map((target) => `${path} -> ${target}`),
    )
    expect(wrong.filter((edge) => !(edge in exceptions))).toEqual([])
  })

  it('the kernel imports nothing from outside', () => {
    const wrong = sources
      .filter(({ path }) => ['error', 'resilience', 'endpoint'].includes(roomOf(path)))
      // The ambient context is the one thing that the language itself does not have.
      .flatMap(({ path, packages }) =>
        packages.filter((name) => name !== 'node:async_hooks').map((name) => `${path} -> ${name}`),
      )
    expect(wrong).toEqual([])
  })

  it('heavy or optional packages are imported only where they belong', () => {
    const home: Record<string, RegExp> = {
      '@grpc/grpc-js': /^transport\/grpc-js\//,
      etcd3: /^registry\/etcd\//,
      protobufjs: /^(codec\/(protobuf|schema|descriptor)|service\/proto)/,
      '@bufbuild/protobuf': /^service\/protobuf-es\//,
      ws: /^transport\/http\//,
      opossum: /^middleware\/circuit-breaker/,
      jose: /^middleware\/jwt/,
      pino: /^observability\//,
      '@opentelemetry/sdk-trace-node': /^observability\/otel\.ts$/,
    }
    const wrong = sources.flatMap(({ path, packages }) =>
      packages
        .filter((name) => {
          const place = Object.entries(home).find(([key]) => name === key || name.startsWith(`${key}/`))?.[1]
          return place !== undefined && !place.test(path)
        })
        .map((name) => `${path} -> ${name}`),
    )
    expect(wrong).toEqual([])
  })

  it('no file imports a barrel of another folder', () => {
    const wrong = sources
      .filter(({ path }) => path !== 'index.ts')
      .flatMap(({ path, imports }) =>
        imports.filter((target) => target.endsWith('/index.ts')).map((target) => `${path} -> ${target}`),
      )
    expect(wrong).toEqual([])
  })
})
