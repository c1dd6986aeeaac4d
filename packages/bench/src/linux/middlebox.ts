import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

/**
 * Makes the firewall of this network namespace behave as a middlebox before the given ports, such
 * as an F5 BIG-IP: it forgets a connection after its idle timeout without telling either side, and
 * drops its later packets. TCP keepalive probes count as traffic.
 */
export function installMiddlebox(ports: readonly number[], idleSeconds: number): void {
  const rules = `table inet holdfast {
  chain input {
    type filter hook input priority filter; policy accept;
    ct state invalid tcp dport { ${ports.join(', ')} } drop
    ct state invalid tcp sport { ${ports.join(', ')} } drop
  }
}
`
  const { status, error, stderr } = spawnSync('nft', ['-f', '-'], {
    input: rules,
    encoding: 'utf8',
  })
  if (error !== undefined) throw new Error('--middlebox-idle needs nft: install nftables')
  if (status !== 0) throw new Error(`no middlebox: nft says ${stderr.trim()}`)
  try {
    // Packets of an unknown flow must not bring it back.
    writeFileSync('/proc/sys/net/netfilter/nf_conntrack_tcp_loose', '0')
    writeFileSync(
      '/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established',
      String(idleSeconds),
    )
  } catch (cause) {
    throw new Error('no middlebox: the kernel does not track connections here', { cause })
  }
}
