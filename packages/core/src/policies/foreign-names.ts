/**
 * Fields of the policy by the names that agentkeepalive, undici, Node's server and other pools use.
 */
export const FOREIGN_NAMES: Readonly<Record<string, string>> = {
  freeSocketTimeout: 'policy.idleTimeoutMs',
  freeSocketKeepAliveTimeout: 'policy.idleTimeoutMs',
  keepAliveTimeout: 'policy.idleTimeoutMs',
  keepAliveMaxTimeout: 'policy.idleTimeoutMs',
  keepAliveTimeoutThreshold: 'policy.serverHintMarginMs',
  keepAliveTimeoutBuffer: 'policy.serverHintMarginMs',
  idleTimeoutMillis: 'policy.idleTimeoutMs',
  socketActiveTTL: 'policy.maxConnectionAgeMs',
  clientTtl: 'policy.maxConnectionAgeMs',
  maxLifetimeSeconds: 'policy.maxConnectionAgeMs',
  maxRequestsPerClient: 'policy.maxRequestsPerConnection',
  maxRequestsPerSocket: 'policy.maxRequestsPerConnection',
  maxUses: 'policy.maxRequestsPerConnection',
  acquireTimeoutMillis: 'policy.acquireTimeoutMs',
  connectionTimeoutMillis: 'policy.acquireTimeoutMs',
  maxWaitingClients: 'policy.maxQueuedRequests',
  minSockets: 'policy.minIdlePerOrigin',
}
