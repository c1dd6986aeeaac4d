import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Markup, markup } from './markup.ts'
import { paletteStyle } from './palette.ts'

/** Folder of the assets, which lies beside the sources even where these are compiled. */
const ASSETS = new URL('../../../src/forms/html/', import.meta.url)

/**
 * Renders a whole page as one file. Its policy allows its own style and script by their hashes, and
 * nothing else: it makes no request, whatever a name in the result may contain.
 */
export function renderPage(title: string, body: Markup): string {
  const style = `${paletteStyle()}${readAsset('page.css')}${readAsset('figure.css')}`
  const script = readAsset('report.js')
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
${body}
<script type="module">${new Markup(script)}</script>
</body>
</html>
`.text
}

function readAsset(name: string): string {
  return readFileSync(new URL(name, ASSETS), 'utf8')
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
