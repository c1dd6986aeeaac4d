const OCTET = /../gu
const WORD = /.{8}/gu
const GROUP = /.{4}/gu
const LEADING_ZEROS = /^0+(?=.)/u
const ZERO_GROUPS = /(?:^|:)0(?::0)+(?:$|:)/u
const MAPPED = '0000000000000000FFFF0000'

/**
 * Address as people write it, from the kernel's notation, whose words are in the machine's byte
 * order.
 */
export function addressText(kernel: string): string {
  if (kernel.length === 8) return ipv4Text(kernel)
  if (kernel.startsWith(MAPPED)) return ipv4Text(kernel.slice(MAPPED.length))
  return ipv6Text(kernel)
}

/** Address with its port, an IPv6 address in brackets. */
export function endpointText(address: string, port: number): string {
  const text = addressText(address)
  return text.includes(':') ? `[${text}]:${port}` : `${text}:${port}`
}

function ipv4Text(word: string): string {
  return octetsOf(word)
    .map((octet) => Number.parseInt(octet, 16))
    .join('.')
}

function ipv6Text(kernel: string): string {
  const bytes = (kernel.match(WORD) ?? []).flatMap(octetsOf).join('')
  const groups = (bytes.match(GROUP) ?? []).map((group) =>
    group.replace(LEADING_ZEROS, '').toLowerCase(),
  )
  return groups.join(':').replace(ZERO_GROUPS, '::')
}

function octetsOf(word: string): string[] {
  return (word.match(OCTET) ?? []).reverse()
}
