import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A span as the shop's processes write it down, one JSON object a line. */
export interface WrittenSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly process: string
  readonly name: string
  readonly kind: 'client' | 'server' | 'internal'
  readonly startMs: number
  readonly durationMs: number
}

/** A log record that carries the id of a trace. */
export interface WrittenLog {
  readonly process: string
  readonly record: Readonly<Record<string, unknown>>
}

async function linesOf(
  folder: string,
  suffix: string,
): Promise<{ process: string; record: Record<string, unknown> }[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(suffix))
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  return texts.flatMap((text, at) =>
    text.split('\n').flatMap((line) => {
      const process = (files[at] ?? '').slice(0, -suffix.length)
      try {
        return [{ process, record: JSON.parse(line) as Record<string, unknown> }]
      } catch {
        // The last line may be half written, and not everything that a process prints is a record.
        return []
      }
    }),
  )
}

/** The spans of a trace that the processes have written so far, oldest first. */
export async function spansOf(folder: string, traceId: string): Promise<WrittenSpan[]> {
  const lines = await linesOf(folder, '.spans')
  const spans = lines.map(({ process, record }) => ({ ...record, process }) as unknown as WrittenSpan)
  return spans.filter((span) => span.traceId === traceId).sort((a, b) => a.startMs - b.startMs)
}

/** The log records that carry a trace's id. */
export async function logsOf(folder: string, traceId: string): Promise<WrittenLog[]> {
  const lines = await linesOf(folder, '.log')
  return lines.filter(({ record }) => record.trace_id === traceId)
}

/** Draws spans as a tree, children under their parents. */
export function drawTree(spans: readonly WrittenSpan[]): string[] {
  const ids = new Set(spans.map(({ spanId }) => spanId))
  const childrenOf = (parent: WrittenSpan): WrittenSpan[] =>
    spans.filter(({ parentSpanId }) => parentSpanId === parent.spanId)
  const draw = (span: WrittenSpan, depth: number): string[] => {
    const label = `${'  '.repeat(depth)}${depth ? '└ ' : ''}${span.name}`
    const facts = `${span.kind.padEnd(6)} ${span.process.padEnd(13)} ${span.durationMs.toFixed(1).padStart(6)} ms`
    return [`${label.padEnd(44)} ${facts}`, ...childrenOf(span).flatMap((child) => draw(child, depth + 1))]
  }
  const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId))
  return roots.flatMap((root) => draw(root, 0))
}
