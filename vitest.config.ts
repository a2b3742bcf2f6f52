import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// 'tierkit/x' means the sources here: the same map as package.json `exports`, so that the two cannot drift apart.
const { exports } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as {
  exports: Record<string, { default?: string }>
}
const alias = Object.entries(exports)
  .filter(([, target]) => target.default !== undefined)
  .map(([subpath, target]) => ({
    find: new RegExp(`^tierkit${subpath.slice(1)}$`),
    replacement: fileURLToPath(
      new URL(target.default?.replace('./dist/', './src/').replace(/\.js$/, '.ts') ?? '', import.meta.url),
    ),
  }))

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**', 'node_modules/**'],
    reporters: ['default', './test/summary-reporter.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A machine that has more to do answers later, and nothing is the worse for it.
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    // Half of the time is waited: two cores are worth two workers.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
})
