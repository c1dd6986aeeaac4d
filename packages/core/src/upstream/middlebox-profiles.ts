import { documented, measured, type ProfilesByName, unverified } from './upstream-profile.ts'

export type MiddleboxName =
  | 'aws-nat-gateway'
  | 'aws-network-firewall'
  | 'ec2-conntrack'
  | 'ec2-conntrack-nitro-v6'
  | 'gcp-cloud-nat'
  | 'nf-conntrack'
export type KernelName = 'linux'

const AWS_NAT = 'AWS documentation, VPC, troubleshoot NAT gateways'
const AWS_FIREWALL = 'AWS Network Firewall API reference, FlowTimeouts'
const EC2 = 'AWS documentation, EC2, connection tracking timeouts'
const GCP_NAT = 'Google Compute Engine API, RouterNat'
const CONNTRACK = 'Linux Documentation/networking/nf_conntrack-sysctl.rst'
const LINUX = '/proc/sys/net/ipv4 of Linux 6.18'

/** Middleboxes, which take no part in connections and forget those that are silent for long. */
export const MIDDLEBOX_PROFILES: ProfilesByName<MiddleboxName> = {
  'aws-nat-gateway': {
    name: 'aws-nat-gateway',
    title: 'AWS NAT gateway',
    kind: 'middlebox',
    role: 'carries',
    versionRange: 'service',
    idleTimeoutMs: documented(350_000, AWS_NAT),
    closes: documented('silent', AWS_NAT, 'no FIN; the next packet is answered by RST'),
  },
  'aws-network-firewall': {
    name: 'aws-network-firewall',
    title: 'AWS Network Firewall',
    kind: 'middlebox',
    role: 'carries',
    versionRange: 'service',
    idleTimeoutMs: documented(350_000, AWS_FIREWALL, '60 s to 6000 s'),
    closes: documented('silent', AWS_FIREWALL),
  },
  'ec2-conntrack': {
    name: 'ec2-conntrack',
    title: 'EC2 connection tracking',
    kind: 'middlebox',
    role: 'carries',
    versionRange: 'instances before Nitro v6',
    idleTimeoutMs: documented(432_000_000, EC2, '5 days; 60 s at the least'),
    closes: documented('silent', EC2),
  },
  'ec2-conntrack-nitro-v6': {
    name: 'ec2-conntrack-nitro-v6',
    title: 'EC2 connection tracking, Nitro v6',
    kind: 'middlebox',
    role: 'carries',
    versionRange: 'instances on Nitro v6',
    idleTimeoutMs: documented(350_000, EC2),
    closes: documented('silent', EC2),
  },
  'gcp-cloud-nat': {
    name: 'gcp-cloud-nat',
    title: 'Google Cloud NAT',
    kind: 'middlebox',
    role: 'carries',
    versionRange: 'service',
    note: 'half-open and half-closed connections: 30 s',
    idleTimeoutMs: documented(1_200_000, `${GCP_NAT}, tcpEstablishedIdleTimeoutSec`),
    closes: unverified('silent', 'common behaviour, not checked for this product'),
    timeWaitMs: documented(120_000, `${GCP_NAT}, tcpTimeWaitTimeoutSec`),
  },
  'nf-conntrack': {
    name: 'nf-conntrack',
    title: 'Linux nf_conntrack',
    kind: 'middlebox',
    role: 'carries',
    versionRange: '2.6 and later',
    note: 'FIN_WAIT 120 s, CLOSE_WAIT 60 s',
    idleTimeoutMs: documented(432_000_000, `${CONNTRACK}, nf_conntrack_tcp_timeout_established`),
    closes: documented('silent', CONNTRACK),
    timeWaitMs: documented(120_000, `${CONNTRACK}, nf_conntrack_tcp_timeout_time_wait`),
  },
}

/** Operating systems: what their TCP does with its default settings. */
export const KERNEL_PROFILES: ProfilesByName<KernelName> = {
  linux: {
    name: 'linux',
    title: 'Linux',
    kind: 'kernel',
    role: 'carries',
    versionRange: '2.4 and later',
    note: 'sends TCP probes only where a program asks for them; tcp_fin_timeout 60 s',
    idleTimeoutMs: documented(
      Number.POSITIVE_INFINITY,
      'RFC 9293 §3.8.4',
      'established connections may be silent for ever',
    ),
    timeWaitMs: documented(60_000, 'Linux include/net/tcp.h, TCP_TIMEWAIT_LEN'),
    tcpKeepAliveDelayMs: measured(7_200_000, `${LINUX}, tcp_keepalive_time`),
    tcpKeepAliveIntervalMs: measured(75_000, `${LINUX}, tcp_keepalive_intvl`),
    tcpKeepAliveProbes: measured(9, `${LINUX}, tcp_keepalive_probes`),
  },
}
