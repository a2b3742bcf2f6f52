#!/usr/bin/env node
import { runPlugin } from '../generate/plugin.js'

// A plugin of protoc and buf: a request on standard input, its response on standard output.
const chunks: Uint8Array[] = []
process.stdin.on('data', (chunk: Uint8Array) => chunks.push(chunk))
process.stdin.on('end', () => {
  if (process.stdin.isTTY || chunks.length === 0) {
    process.stderr.write('protoc-gen-tierkit is run by protoc or buf: protoc --tierkit_out=DIR FILE.proto\n')
    process.exitCode = 64
    return
  }
  process.stdout.write(runPlugin(Buffer.concat(chunks)))
})
