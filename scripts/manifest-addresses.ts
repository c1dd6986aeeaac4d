/** Where the code of the packages lives: `repository` in the manifest of the root. */
interface Repository {
  readonly type: string
  readonly url: string
}

const PREFIX = /^git\+/u
const ENDING = /\.git$/u

const addressesOf = (folder: string, { type, url }: Repository): object => {
  const page = url.replace(PREFIX, '').replace(ENDING, '')
  return {
    homepage: `${page}/tree/main/packages/${folder}#readme`,
    bugs: { url: `${page}/issues` },
    repository: { type, url, directory: `packages/${folder}` },
  }
}

/** The manifest of a package, with the addresses that a registry page shows made from that of the root. */
export const withAddresses = (manifest: string, folder: string, root: string): string => {
  const { repository } = JSON.parse(root) as { readonly repository: Repository }
  const fields = { ...(JSON.parse(manifest) as object), ...addressesOf(folder, repository) }
  return `${JSON.stringify(fields, null, 2)}\n`
}
