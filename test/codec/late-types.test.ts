import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const codec = fileURLToPath(new URL('../../src/codec/index.ts', import.meta.url))

it.each([
  [
    'reads the reason of an error that came in JSON',
    `errorFromStatusJson({ code: 5, message: 'x', details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'LOST' }] }).reason`,
    'LOST',
  ],
  [
    'writes a detail that nothing else was made of',
    `JSON.stringify(Any.toJson({ typeUrl: 'x/google.rpc.Help', value: new Uint8Array() }))`,
    '{"@type":"x/google.rpc.Help"}',
  ],
])('a process that has used no type before %s', (_, expression, expected) => {
  // In this process other tests, or the server of a call, may have used it.
  const script = `import { Any, errorFromStatusJson } from ${JSON.stringify(codec)}; console.log(${expression})`
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script]
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' }).trim()).toBe(expected)
})
