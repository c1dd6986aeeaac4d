/** Names that users chose may be longer than there is room; the tables have them in full. */
export function shortened(name: string, room: number): string {
  return name.length <= room ? name : `${name.slice(0, Math.max(1, Math.floor(room) - 1))}…`
}
