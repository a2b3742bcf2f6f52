/** True for the figures that a goal names; without it, tests make the same claims of less, in less time. */
export const full = process.env.GOALS === 'full'

/** What a test does by default, and in full. */
export function scaled<T>(brief: T, whole: T): T {
  return full ? whole : brief
}

/** Shows a figure that a goal is about. */
export function report(goal: number, figures: Readonly<Record<string, unknown>>): void {
  if (full) console.log(`goal ${goal}: ${JSON.stringify(figures)}`)
}
