import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'
import descriptor from 'protobufjs/ext/descriptor.js'
import { generate } from 'tierkit/generate'
import { inTurn } from '../measure/compare.mjs'
import { runToEnd } from '../measure/process.mjs'

const MESSAGES = 200
const FILE = 'bench/v1/many.proto'
const here = dirname(fileURLToPath(import.meta.url))
const require = createRequire(import.meta.url)

/** A contract of many messages that hold others, eight deep: ts-proto has no types for many that go round in circles. */
function contract() {
  const numbers = Array.from({ length: MESSAGES }, (_, n) => n)
  const name = (n) => (n === 0 ? 'Leaf' : `M${n}`)
  const message = (n) => `message M${n} {
  string id = 1;
  ${name(n >> 1)} other = 2;
  repeated ${name(n >> 2)} list = 3;
  map<string, int64> sums = 4;
  oneof choice { string name = 5; ${name(n >> 3)} one = 6; }
  State state = 7;
  optional int32 note = 8;
}`
  const calls = numbers.filter((n) => n % 4 === 0).map((n) => `  rpc Do${n}(M${n}) returns (M${n + 1});`)
  return [
    'syntax = "proto3";\npackage bench.v1;\nenum State { STATE_UNSPECIFIED = 0; STATE_ON = 1; }\nmessage Leaf { string id = 1; }',
    ...numbers.map(message),
    `service Many {\n${calls.join('\n')}\n}\n`,
  ].join('\n')
}

/** What protoc would ask a plugin: file 1, parameter 2, descriptors 15. Its descriptors have full names. */
function pluginRequest(source, parameter) {
  const root = new protobuf.Root()
  protobuf.parse(source, root)
  root.resolveAll()
  const { file } = root.toDescriptor('proto3')
  const own = file.find((each) => each.messageType.length > 0)
  own.name = FILE
  for (const message of own.messageType) {
    const nested = message.nestedType.map(({ name }) => name)
    for (const field of message.field) {
      const scope = nested.includes(field.typeName) ? `.bench.v1.${message.name}.` : '.bench.v1.'
      if (field.typeName) field.typeName = scope + field.typeName
    }
  }
  const writer = protobuf.Writer.create().uint32(10).string(FILE).uint32(18).string(parameter)
  return writer.uint32(122).bytes(descriptor.FileDescriptorProto.encode(own).finish()).finish()
}

function writeTsProto(source, out) {
  const plugin = require.resolve('ts-proto/protoc-gen-ts_proto')
  const parameter =
    'esModuleInterop=true,importSuffix=.js,forceLong=bigint,oneof=unions-value,outputServices=generic-definitions'
  const { stdout, stderr, status } = spawnSync(process.execPath, [plugin], {
    input: pluginRequest(source, parameter),
    maxBuffer: 2 ** 28,
  })
  if (status !== 0) throw new Error(`ts-proto failed: ${stderr}`)
  const reader = protobuf.Reader.create(stdout)
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag !== 122) reader.skipType(tag & 7)
    else writeAnswer(protobuf.Reader.create(reader.bytes()), out)
  }
}

/** A file of the answer: name 1, content 15. */
function writeAnswer(reader, out) {
  let [name, content] = ['', '']
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag === 10) name = reader.string()
    else if (tag === 122) content = reader.string()
    else reader.skipType(tag & 7)
  }
  mkdirSync(dirname(join(out, name)), { recursive: true })
  writeFileSync(join(out, name), content)
}

/** Milliseconds that the compiler takes for one file and all that it imports. */
async function compileMs(folder, file) {
  const options = { target: 'ES2022', module: 'NodeNext', strict: true, noEmit: true, skipLibCheck: true, types: [] }
  const lib = ['ES2023', 'ESNext.Disposable', 'DOM']
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...options, lib }, files: [file] }))
  const start = performance.now()
  await runToEnd('node', [require.resolve('typescript/bin/tsc'), '-p', folder])
  return performance.now() - start
}

export default {
  name: 'compile',
  what: `ms that tsc takes for the code of ${MESSAGES} messages`,
  async run({ rounds }) {
    // Below here, so that packages are found from there.
    const folder = mkdtempSync(join(here, '..', '.compile-'))
    try {
      const source = contract()
      const [protos, own, other] = ['protos', 'tierkit', 'ts-proto'].map((name) => join(folder, name))
      for (const path of [join(protos, 'bench/v1'), own, other]) mkdirSync(path, { recursive: true })
      writeFileSync(join(protos, FILE), source)
      generate({ files: [protos], out: own })
      writeTsProto(source, other)
      const contenders = [
        { name: 'ts-proto', measure: () => compileMs(other, 'bench/v1/many.ts') },
        {
          name: 'tierkit',
          goals: [{ peer: 'ts-proto', ratio: 1 }],
          measure: () => compileMs(own, 'bench/v1/many_pb.ts'),
        },
      ]
      return await inTurn(contenders, { rounds, peer: 'ts-proto', better: 'less', unit: 'ms' })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
