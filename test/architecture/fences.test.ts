import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { filesBelow, root } from './sources.js'

const pages = ['README.md', 'CONTRIBUTING.md', ...filesBelow('docs', '.md')].filter(
  (page) => !page.startsWith('docs/api/'),
)

/** Each TypeScript fence of a page as a module of its own, at a path beside the page. */
function fences(page: string): [string, string][] {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((match) => {
    const line = text.slice(0, match.index).split('\n').length + 1
    return [join(root, `${page.replace(/\.md$/, '')}.line-${line}.ts`), `${match[1]}\nexport {}\n`]
  })
}

it('every TypeScript fence in README and docs compiles', { timeout: 180_000 }, () => {
  const modules = new Map(pages.flatMap(fences))
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const host = ts.createCompilerHost({ ...options, noUnusedLocals: false })
  const { readFile, fileExists, getSourceFile } = host
  host.readFile = (file) => modules.get(file) ?? readFile(file)
  host.fileExists = (file) => modules.has(file) || fileExists(file)
  host.getSourceFile = (file, languageVersion, ...rest) => {
    const text = modules.get(file)
    return text === undefined
      ? getSourceFile(file, languageVersion, ...rest)
      : ts.createSourceFile(file, text, languageVersion, true)
  }
  const program = ts.createProgram([...modules.keys()], options, host)
  const problems = ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const line = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')
    return `${diagnostic.file?.fileName.replace(root, '')} +${line}: ${text}`
  })
  expect(modules.size).toBeGreaterThan(0)
  expect(problems).toEqual([])
})
