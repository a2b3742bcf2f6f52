/** Throws one `TypeError` that lists all problems, if there are any. */
export function throwProblems(subject: string, problems: readonly string[]): void {
  if (problems.length === 0) return
  throw new TypeError(`${subject}:\n${problems.map((problem) => `- ${problem}`).join('\n')}`)
}
