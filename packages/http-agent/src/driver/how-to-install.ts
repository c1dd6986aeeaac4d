/** The command to say. Of several versions, the one that is listed first loads on every line of Node. */
export const howToInstall = (library: string, wanted: string): string =>
  `npm install ${library}@${wanted.split(' ', 1)[0]}`
