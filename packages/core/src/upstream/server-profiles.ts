import { documented, measured, type ProfilesByName, unverified } from './upstream-profile.ts'

export type ServerName =
  | 'apache-1.1'
  | 'apache-2.0'
  | 'apache-2.4'
  | 'nginx'
  | 'nginx-1.18'
  | 'node'
  | 'node-27'
  | 'tomcat'
  | 'tomcat-embedded'
  | 'jetty'
  | 'jdk-httpserver'
  | 'gunicorn'
  | 'gunicorn-sync'
  | 'uvicorn'
  | 'go'
  | 'iis'
  | 'kestrel'

const NO_LIMIT = Number.POSITIVE_INFINITY

const APACHE_2_0 = 'Apache 1.3 httpd.h, DEFAULT_KEEPALIVE_TIMEOUT; Apache 2.0 manual, core'
const APACHE_2_4 = 'Apache 2.4.71 on loopback'
const NGINX = 'nginx 1.22.1 on loopback'
const NGINX_MANUAL = 'nginx manual, ngx_http_core_module'
const NODE = 'Node 20.20.2 and 26.10.0 on loopback'
const NODE_27 = 'nodejs/node pull request 62782'
const TOMCAT = 'Tomcat manual, HTTP connector'
const TOMCAT_HINT = 'Tomcat Http11Processor.java, prepareResponse'
const JDK = 'OpenJDK 17 on loopback'
const GUNICORN = 'gunicorn/config.py, class Keepalive'
const GO = 'Go manual, net/http, Server.IdleTimeout'
const UVICORN = 'Uvicorn manual, settings'
const UNCHECKED = 'common behaviour, not checked for this server'

/** Web and application servers: what they do with the connections that they accept. */
export const SERVER_PROFILES: ProfilesByName<ServerName> = {
  'apache-1.1': {
    name: 'apache-1.1',
    title: 'Apache 1.1',
    kind: 'server',
    role: 'accepts',
    versionRange: '1.1',
    idleTimeoutMs: documented(15_000, 'Apache 1.1 manual, Keep-Alive Support'),
    maxRequests: documented(5, 'Apache 1.1 manual, Keep-Alive Support'),
    hint: unverified('on-request', UNCHECKED),
    closes: unverified('fin', UNCHECKED),
  },
  'apache-2.0': {
    name: 'apache-2.0',
    title: 'Apache 2.0',
    kind: 'server',
    role: 'accepts',
    versionRange: '1.2 to 2.0',
    idleTimeoutMs: documented(15_000, APACHE_2_0),
    maxRequests: documented(100, APACHE_2_0),
    hint: unverified('on-request', UNCHECKED),
    closes: unverified('fin', UNCHECKED),
  },
  'apache-2.4': {
    name: 'apache-2.4',
    title: 'Apache 2.4',
    kind: 'server',
    role: 'accepts',
    versionRange: '2.2 to 2.4',
    idleTimeoutMs: measured(5000, APACHE_2_4),
    maxRequests: measured(
      100,
      APACHE_2_4,
      'in practice 101 responses: max= counts down from 100 to 1, and one more follows',
    ),
    hint: measured('on-request', APACHE_2_4, 'where the request says Connection: keep-alive'),
    closes: measured('fin', APACHE_2_4),
  },
  nginx: {
    name: 'nginx',
    title: 'nginx',
    kind: 'server',
    role: 'accepts',
    versionRange: '1.19.10 and later',
    idleTimeoutMs: measured(75_000, NGINX),
    maxRequests: measured(1000, NGINX, 'the last response says Connection: close'),
    maxAgeMs: documented(3_600_000, `${NGINX_MANUAL}, keepalive_time`),
    hint: measured('never', NGINX, 'unless keepalive_timeout has its second value'),
    closes: measured('fin', NGINX),
  },
  'nginx-1.18': {
    name: 'nginx-1.18',
    title: 'nginx before 1.19.10',
    kind: 'server',
    role: 'accepts',
    versionRange: '0.8.0 to 1.19.9',
    idleTimeoutMs: documented(75_000, `${NGINX_MANUAL}, keepalive_timeout`),
    maxRequests: documented(100, `${NGINX_MANUAL}, keepalive_requests`),
    hint: documented(
      'never',
      `${NGINX_MANUAL}, keepalive_timeout`,
      'unless keepalive_timeout has its second value',
    ),
    closes: unverified('fin', 'as in nginx 1.22.1'),
  },
  node: {
    name: 'node',
    title: 'Node',
    kind: 'server',
    role: 'accepts',
    versionRange: '16 to 26',
    idleTimeoutMs: measured(5000, NODE, 'as announced; the FIN comes 1 s later'),
    maxRequests: measured(NO_LIMIT, NODE),
    hint: measured('always', NODE, 'timeout=5'),
    closes: measured('fin', NODE),
  },
  'node-27': {
    name: 'node-27',
    title: 'Node 27',
    kind: 'server',
    role: 'accepts',
    versionRange: 'after 26',
    idleTimeoutMs: documented(65_000, NODE_27, 'merged as semver-major; not in 26.10.0'),
    maxRequests: unverified(NO_LIMIT, 'as in Node 26.10.0'),
    hint: documented('always', NODE_27, 'timeout=65'),
    closes: unverified('fin', 'as in Node 26.10.0'),
  },
  tomcat: {
    name: 'tomcat',
    title: 'Tomcat',
    kind: 'server',
    role: 'accepts',
    versionRange: '8.5 and later',
    idleTimeoutMs: documented(
      20_000,
      `${TOMCAT}, keepAliveTimeout and connectionTimeout`,
      'connectionTimeout of the server.xml that is shipped',
    ),
    maxRequests: documented(100, `${TOMCAT}, maxKeepAliveRequests`),
    hint: documented('on-request', TOMCAT_HINT, 'where the request says Connection: keep-alive'),
    closes: unverified('fin', UNCHECKED),
  },
  'tomcat-embedded': {
    name: 'tomcat-embedded',
    title: 'Tomcat, embedded',
    kind: 'server',
    role: 'accepts',
    versionRange: '8.5 and later',
    note: 'without a server.xml, as in Spring Boot',
    idleTimeoutMs: documented(60_000, `${TOMCAT}, keepAliveTimeout and connectionTimeout`),
    maxRequests: documented(100, `${TOMCAT}, maxKeepAliveRequests`),
    hint: documented('on-request', TOMCAT_HINT, 'where the request says Connection: keep-alive'),
    closes: unverified('fin', UNCHECKED),
  },
  jetty: {
    name: 'jetty',
    title: 'Jetty',
    kind: 'server',
    role: 'accepts',
    versionRange: '9.3 and later',
    idleTimeoutMs: documented(30_000, 'Jetty start.d/http.ini, jetty.http.idleTimeout'),
    maxRequests: unverified(NO_LIMIT, UNCHECKED),
    closes: unverified('fin', UNCHECKED),
  },
  'jdk-httpserver': {
    name: 'jdk-httpserver',
    title: 'JDK HttpServer',
    kind: 'server',
    role: 'accepts',
    versionRange: '17',
    idleTimeoutMs: measured(30_000, JDK, 'looked at now and then: closed after 36.9 s'),
    maxRequests: measured(NO_LIMIT, JDK),
    hint: measured('never', JDK),
    closes: measured('fin', JDK),
  },
  gunicorn: {
    name: 'gunicorn',
    title: 'gunicorn',
    kind: 'server',
    role: 'accepts',
    versionRange: '19 and later',
    note: 'all workers but sync',
    idleTimeoutMs: documented(2000, GUNICORN, 'some documents name 5 s'),
    hint: unverified('never', UNCHECKED),
    closes: unverified('fin', UNCHECKED),
  },
  'gunicorn-sync': {
    name: 'gunicorn-sync',
    title: 'gunicorn, sync worker',
    kind: 'server',
    role: 'accepts',
    versionRange: '19 and later',
    note: 'the default worker; it closes after each response',
    idleTimeoutMs: documented(0, GUNICORN),
    maxRequests: documented(1, GUNICORN, 'has no persistent connections'),
    closes: unverified('fin', UNCHECKED),
  },
  uvicorn: {
    name: 'uvicorn',
    title: 'Uvicorn',
    kind: 'server',
    role: 'accepts',
    versionRange: 'current',
    idleTimeoutMs: documented(5000, `${UVICORN}, --timeout-keep-alive`),
    maxRequests: documented(NO_LIMIT, UVICORN),
    hint: unverified('never', UNCHECKED),
    closes: unverified('fin', UNCHECKED),
  },
  go: {
    name: 'go',
    title: 'Go net/http',
    kind: 'server',
    role: 'accepts',
    versionRange: '1.8 and later',
    idleTimeoutMs: documented(NO_LIMIT, GO, 'unless IdleTimeout or ReadTimeout is set'),
    maxRequests: documented(NO_LIMIT, GO),
    hint: documented('never', GO),
  },
  iis: {
    name: 'iis',
    title: 'IIS',
    kind: 'server',
    role: 'accepts',
    versionRange: '7 and later',
    idleTimeoutMs: documented(120_000, 'IIS configuration reference, limits, connectionTimeout'),
    maxRequests: documented(NO_LIMIT, 'IIS configuration reference, limits'),
    hint: unverified('never', UNCHECKED),
    closes: unverified('fin', UNCHECKED),
  },
  kestrel: {
    name: 'kestrel',
    title: 'Kestrel',
    kind: 'server',
    role: 'accepts',
    versionRange: 'ASP.NET Core 6 and later',
    idleTimeoutMs: documented(
      130_000,
      'dotnet/aspnetcore pull request 32636',
      'before that, 120 s',
    ),
    maxRequests: documented(NO_LIMIT, 'ASP.NET Core source, KestrelServerLimits'),
    hint: unverified('never', UNCHECKED),
    closes: unverified('fin', UNCHECKED),
  },
}
