import { documented, type ProfilesByName, unverified } from './upstream-profile.ts'

export type ClientName =
  | 'nginx-to-upstream'
  | 'envoy-to-upstream'
  | 'heroku-router-to-dyno'
  | 'cloudfront-to-origin'
  | 'cloudflare-to-origin'
  | 'gcp-alb-to-backend'
  | 'undici'
  | 'agentkeepalive'
  | 'go-transport'

const NO_LIMIT = Number.POSITIVE_INFINITY

const NGINX = 'nginx source, ngx_http_upstream_keepalive_module.c'
const UNDICI = 'undici documentation, Client, keepAliveTimeout'
const UNCHECKED = 'common behaviour, not checked for this product'

/**
 * Clients and proxies, and the time that they keep connections they open: a server behind them must
 * wait longer. The same product may treat the connections that it accepts otherwise.
 */
export const CLIENT_PROFILES: ProfilesByName<ClientName> = {
  'nginx-to-upstream': {
    name: 'nginx-to-upstream',
    title: 'nginx to its upstreams',
    kind: 'proxy',
    role: 'opens',
    versionRange: '1.19.10 and later',
    note: 'without a directive keepalive only since 1.29.7',
    idleTimeoutMs: documented(60_000, NGINX),
    maxRequests: documented(1000, NGINX),
    maxAgeMs: documented(3_600_000, NGINX),
    closes: unverified('fin', UNCHECKED),
  },
  'envoy-to-upstream': {
    name: 'envoy-to-upstream',
    title: 'Envoy to its upstreams',
    kind: 'proxy',
    role: 'opens',
    versionRange: '1.39',
    idleTimeoutMs: documented(3_600_000, 'Envoy 1.39 documentation, How do I configure timeouts?'),
    maxRequests: documented(NO_LIMIT, 'Envoy API, HttpProtocolOptions.max_requests_per_connection'),
    closes: unverified('fin', UNCHECKED),
  },
  'heroku-router-to-dyno': {
    name: 'heroku-router-to-dyno',
    title: 'Heroku router to its dynos',
    kind: 'proxy',
    role: 'opens',
    versionRange: 'Router 2.0',
    idleTimeoutMs: documented(90_000, 'Heroku Dev Center, HTTP routing, keepalives'),
    closes: unverified('fin', UNCHECKED),
  },
  'cloudfront-to-origin': {
    name: 'cloudfront-to-origin',
    title: 'CloudFront to its origins',
    kind: 'proxy',
    role: 'opens',
    versionRange: 'service',
    idleTimeoutMs: documented(5000, 'CloudFront guide, keep-alive timeout', '1 s to 120 s'),
    closes: unverified('fin', UNCHECKED),
  },
  'cloudflare-to-origin': {
    name: 'cloudflare-to-origin',
    title: 'Cloudflare to its origins',
    kind: 'proxy',
    role: 'opens',
    versionRange: 'service',
    idleTimeoutMs: documented(900_000, 'Cloudflare documentation, connection limits'),
    closes: unverified('fin', UNCHECKED),
  },
  'gcp-alb-to-backend': {
    name: 'gcp-alb-to-backend',
    title: 'Google Cloud ALB to its backends',
    kind: 'load-balancer',
    role: 'opens',
    versionRange: 'service, global external',
    idleTimeoutMs: documented(
      600_000,
      'Google Cloud documentation, backend services, timeouts',
      'fixed',
    ),
    closes: unverified('fin', UNCHECKED),
  },
  undici: {
    name: 'undici',
    title: 'undici',
    kind: 'client',
    role: 'opens',
    versionRange: '7 and 8',
    idleTimeoutMs: documented(4000, UNDICI, "a server's hint counts, less 2 s, up to 600 s"),
    maxRequests: documented(NO_LIMIT, UNDICI),
    closes: unverified('fin', UNCHECKED),
  },
  agentkeepalive: {
    name: 'agentkeepalive',
    title: 'agentkeepalive',
    kind: 'client',
    role: 'opens',
    versionRange: '4.6',
    idleTimeoutMs: documented(4000, 'agentkeepalive lib/agent.js, freeSocketTimeout'),
    maxRequests: documented(NO_LIMIT, 'agentkeepalive lib/agent.js'),
    closes: unverified('fin', UNCHECKED),
  },
  'go-transport': {
    name: 'go-transport',
    title: 'Go net/http Transport',
    kind: 'client',
    role: 'opens',
    versionRange: '1.7 and later',
    idleTimeoutMs: documented(90_000, 'Go source, net/http, DefaultTransport.IdleConnTimeout'),
    closes: unverified('fin', UNCHECKED),
  },
}
