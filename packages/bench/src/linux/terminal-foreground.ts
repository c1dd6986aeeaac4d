import { readLinuxFile } from './read-linux-file.ts'

/**
 * Whether this process may read its terminal. The kernel stops background processes that try, such
 * as one that `timeout` runs. False where the kernel does not say.
 */
export function isInForeground(): boolean {
  return isForeground(readLinuxFile('/proc/self/stat') ?? '')
}

/** Whether, by /proc/PID/stat, the terminal's foreground process group is the process's own. */
export function isForeground(stat: string): boolean {
  // The name before the last bracket may hold anything.
  const [, , , group, , , foreground] = stat.slice(stat.lastIndexOf(')')).split(' ')
  return group !== undefined && group === foreground
}
