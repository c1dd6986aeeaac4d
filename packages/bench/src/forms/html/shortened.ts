/**
 * Cuts a name to so many characters. A spec keeps its end, which differs within a sweep; the tables
 * have full names.
 */
export function shortened(name: string, room: number): string {
  const kept = Math.max(1, Math.floor(room) - 1)
  if (name.length <= room) return name
  return name.includes(':') ? `…${name.slice(-kept)}` : `${name.slice(0, kept)}…`
}
