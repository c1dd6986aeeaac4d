import { documented, measured, type ProfilesByName, unverified } from './upstream-profile.ts'

export type ProxyName = 'haproxy' | 'envoy' | 'cloudflare'
export type LoadBalancerName =
  | 'f5-bigip'
  | 'f5-bigip-l4'
  | 'aws-alb'
  | 'aws-nlb'
  | 'gcp-alb'
  | 'azure-lb'

const NO_LIMIT = Number.POSITIVE_INFINITY

const HAPROXY = 'HAProxy 2.6 on loopback'
const ENVOY = 'Envoy 1.39 documentation, How do I configure timeouts?'
const F5 = 'F5 tmsh reference, ltm profile tcp'
const F5_L4 = 'F5 AS3 schema reference, L4_Profile'
const ALB = 'AWS documentation, Application Load Balancer, attributes'
const NLB = 'AWS documentation, Network Load Balancer, idle timeout'
const GCP_ALB = 'Google Cloud documentation, backend services, timeouts'
const AZURE_LB = 'Azure documentation, Load Balancer, TCP reset and idle timeout'
const UNCHECKED = 'common behaviour, not checked for this product'

/** Proxies: what they do with the connections that they accept. */
export const PROXY_PROFILES: ProfilesByName<ProxyName> = {
  haproxy: {
    name: 'haproxy',
    title: 'HAProxy',
    kind: 'proxy',
    role: 'accepts',
    versionRange: '2.6',
    note: 'closes after timeout http-keep-alive, else http-request, else client; no default',
    maxRequests: measured(NO_LIMIT, HAPROXY),
    hint: measured('never', HAPROXY),
    closes: measured('fin', HAPROXY),
  },
  envoy: {
    name: 'envoy',
    title: 'Envoy',
    kind: 'proxy',
    role: 'accepts',
    versionRange: '1.39',
    idleTimeoutMs: documented(3_600_000, ENVOY),
    maxRequests: documented(NO_LIMIT, 'Envoy API, HttpProtocolOptions.max_requests_per_connection'),
    hint: unverified('never', UNCHECKED),
    closes: unverified('fin', UNCHECKED),
  },
  cloudflare: {
    name: 'cloudflare',
    title: 'Cloudflare',
    kind: 'proxy',
    role: 'accepts',
    versionRange: 'service',
    idleTimeoutMs: documented(400_000, 'Cloudflare documentation, connection limits'),
    closes: unverified('fin', UNCHECKED),
  },
}

/** Load balancers: what they do with the connections of their clients. */
export const LOAD_BALANCER_PROFILES: ProfilesByName<LoadBalancerName> = {
  'f5-bigip': {
    name: 'f5-bigip',
    title: 'F5 BIG-IP',
    kind: 'load-balancer',
    role: 'carries',
    versionRange: 'standard profile tcp',
    idleTimeoutMs: documented(300_000, `${F5}, idle-timeout`),
    closes: documented('reset', `${F5}, reset-on-timeout`),
    timeWaitMs: unverified(2000, 'F5 configuration utility, TCP profile, Time Wait'),
    tcpKeepAliveIntervalMs: documented(
      1_800_000,
      `${F5}, keep-alive-interval`,
      'later than its own idle timeout, so that it never keeps a connection',
    ),
  },
  'f5-bigip-l4': {
    name: 'f5-bigip-l4',
    title: 'F5 BIG-IP FastL4',
    kind: 'load-balancer',
    role: 'carries',
    versionRange: 'standard profile fastL4',
    idleTimeoutMs: documented(300_000, `${F5_L4}, idleTimeout`),
    closes: documented('reset', `${F5_L4}, resetOnTimeout`),
    tcpKeepAliveIntervalMs: documented(NO_LIMIT, `${F5_L4}, keepAliveInterval`, '0 sends none'),
  },
  'aws-alb': {
    name: 'aws-alb',
    title: 'AWS ALB',
    kind: 'load-balancer',
    role: 'accepts',
    versionRange: 'service',
    idleTimeoutMs: documented(60_000, `${ALB}, idle_timeout.timeout_seconds`),
    maxAgeMs: documented(3_600_000, `${ALB}, client_keep_alive.seconds`),
    closes: unverified('fin', UNCHECKED),
  },
  'aws-nlb': {
    name: 'aws-nlb',
    title: 'AWS NLB',
    kind: 'load-balancer',
    role: 'carries',
    versionRange: 'service',
    idleTimeoutMs: documented(350_000, NLB, 'TCP: 60 s to 6000 s; TLS: fixed'),
    closes: documented('silent', NLB, 'the next packet is answered by RST'),
  },
  'gcp-alb': {
    name: 'gcp-alb',
    title: 'Google Cloud ALB',
    kind: 'load-balancer',
    role: 'accepts',
    versionRange: 'service, global external',
    idleTimeoutMs: documented(610_000, GCP_ALB),
    closes: documented('fin', GCP_ALB),
  },
  'azure-lb': {
    name: 'azure-lb',
    title: 'Azure Load Balancer',
    kind: 'load-balancer',
    role: 'carries',
    versionRange: 'service',
    idleTimeoutMs: documented(240_000, AZURE_LB, '4 to 100 min'),
    closes: documented('silent', AZURE_LB, 'RST where TCP reset is switched on'),
  },
}
