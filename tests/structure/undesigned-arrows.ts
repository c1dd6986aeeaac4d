import type { Manifest } from './manifest.ts'

/** What each package may need. `anything` is meant for the one package that nobody builds on. */
const DESIGN: Readonly<Record<string, { needs: readonly string[]; anything: boolean }>> = {
  '@holdfast/core': { needs: [], anything: false },
  '@holdfast/http-agent': { needs: ['@holdfast/core'], anything: false },
  '@holdfast/bench': { needs: ['@holdfast/http-agent', '@holdfast/core'], anything: true },
}

const arrowsOf = (manifest: Manifest): readonly string[] => {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = manifest
  const requiredPeers = Object.keys(peerDependencies ?? {}).filter(
    (peer) => peerDependenciesMeta?.[peer]?.optional !== true,
  )
  return [
    ...Object.keys(dependencies ?? {}),
    ...Object.keys(optionalDependencies ?? {}),
    ...requiredPeers,
  ]
}

/** Dependencies between packages, or on other people's, that the design does not draw. */
export const undesignedArrows = (manifests: readonly Manifest[]): readonly string[] =>
  manifests.flatMap((manifest) => {
    const design = DESIGN[manifest.name]
    if (design === undefined) return [`${manifest.name} is not in the design`]
    const optionalPeers = Object.keys(manifest.peerDependencies ?? {})
    const arrows = [...arrowsOf(manifest), ...(design.needs.length === 0 ? optionalPeers : [])]
    return [...new Set(arrows)]
      .filter((name) => !(design.anything && !name.startsWith('@holdfast/')))
      .filter((name) => !design.needs.includes(name))
      .map((name) => `${manifest.name} needs ${name}`)
  })
