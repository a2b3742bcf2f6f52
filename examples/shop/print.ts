const started = performance.now()

/** Prints a headline with the seconds since the start. */
export function headline(text: string): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`\n[${seconds.padStart(4)} s] ${text}`)
}

/** Prints a line of what is going on. */
export function line(text: string): void {
  console.log(`  ${text}`)
}

/** Prints rows under their heads, in columns. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const print = (cells: readonly string[]): void =>
    line(cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  print(heads)
  print(widths.map((width) => '-'.repeat(width)))
  for (const row of rows) print(row)
}

/** A bar for a share between 0 and 1. */
export function bar(share: number, width = 30): string {
  return '█'.repeat(Math.round(share * width))
}
