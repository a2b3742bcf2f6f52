#!/usr/bin/env node
import { processTerminal } from './process-terminal.js'
import { run } from './run.js'

const { terminal, release } = processTerminal()
run(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = code
  release()
})
