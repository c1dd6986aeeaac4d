/** A row as the kernel prints it: 8080 is 1F90, and 60 s are 6000 hundredths. */
export function procRow(
  localPort: string,
  remotePort: string,
  state: string,
  rest: { readonly hundredths?: number; readonly inode?: number } = {},
): string {
  const { hundredths = 0, inode = 0 } = rest
  const kind = hundredths === 0 ? '00' : '03'
  const timer = `${kind}:${hundredths.toString(16).toUpperCase().padStart(8, '0')}`
  return `  95: 0100007F:${localPort} 0100007F:${remotePort} ${state} 00000000:00000000 ${timer} 00000000     0        0 ${inode} 3 000000004356a102`
}

/** A whole `/proc/net/tcp`. */
export function procNetTcp(...rows: readonly string[]): string {
  const head =
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
  return `${[head, ...rows].join('\n')}\n`
}
