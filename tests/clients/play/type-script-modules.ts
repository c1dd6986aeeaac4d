/** A setting of a TypeScript project, and whether our types, which are of ES modules, are found from CommonJS. */
export interface TypeScriptModule {
  readonly module: string
  readonly resolution?: string
  /** The error that an import of ours is, where it is one. */
  readonly error?: string
}

export const TYPE_SCRIPT_MODULES: readonly TypeScriptModule[] = [
  { module: 'nodenext' },
  { module: 'node20' },
  { module: 'preserve' },
  { module: 'esnext', resolution: 'bundler' },
  { module: 'node18', error: 'TS1479' },
  { module: 'node16', error: 'TS1479' },
  { module: 'commonjs', resolution: 'node10', error: 'TS2307' },
]
