import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** Which process wrote an entry, so that others can tell whether it still runs. */
export interface ProcessMark {
  readonly pid: number
  /** When it started, in the system's own ticks, where that can be known: the same pid may be given to another later. */
  readonly startTime?: string | undefined
  /** Where its pid means something: one boot of one machine, one pid namespace. */
  readonly host: string
}

/** A process that cannot be asked for, on another host or in another container, is dead after this long without a sign. */
const SILENCE_MS = 10_000

/** The mark of this process. */
export function ownMark(): ProcessMark {
  const { pid } = process
  const startTime = readStat(pid)?.startTime
  return { pid, host: hostMark(), ...(startTime === undefined ? {} : { startTime }) }
}

/** True if the process of a mark still runs, as seen from the process of `own`; `silentMs` is since its last sign of life. */
export function isAlive(mark: ProcessMark, own: ProcessMark, silentMs: number): boolean {
  if (mark.host !== own.host) return silentMs < SILENCE_MS
  if (!isPidTaken(mark.pid)) return false
  const stat = readStat(mark.pid)
  if (stat === undefined || mark.startTime === undefined) return silentMs < SILENCE_MS
  return stat.startTime === mark.startTime && !stat.ended
}

/** Reads a mark from parsed JSON; `undefined` if it is none. */
export function markFromJson(json: unknown): ProcessMark | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const { pid, startTime, host } = json as Readonly<Record<string, unknown>>
  // 0 and below would mean whole groups of processes.
  if (typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 0 || typeof host !== 'string') return undefined
  return typeof startTime === 'string' ? { pid, host, startTime } : { pid, host }
}

function isPidTaken(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Anything but "no such process", such as "not permitted", means that there is one.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** Linux knows when a process started and whether it ended without having been waited for yet; others do not tell. */
function readStat(pid: number): { startTime: string; ended: boolean } | undefined {
  const stat = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  // The name in parentheses may itself hold spaces and parentheses; the state is the first field after it.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  const startTime = fields?.[19]
  return startTime === undefined ? undefined : { startTime, ended: fields?.[0] === 'Z' || fields?.[0] === 'X' }
}

function hostMark(): string {
  const boot = tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
  const namespace = tryRead(() => readlinkSync('/proc/self/ns/pid'))
  return boot !== undefined && namespace !== undefined ? `${boot}/${namespace}` : hostname()
}

function tryRead(read: () => string): string | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
