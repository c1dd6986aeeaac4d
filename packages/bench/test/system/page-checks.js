// Runs in the page of a report. Each function returns what it found; nothing is good.

/** What sticks out of its chart, and which labels lie upon each other. */
function labelFaults(chart) {
  const frame = chart.getBoundingClientRect()
  const labels = Array.from(chart.querySelectorAll('text'), (label) => ({
    text: label.textContent,
    box: label.getBoundingClientRect(),
  }))
  const strays = labels.filter(
    ({ box }) =>
      box.left < frame.left - 14 || box.right > frame.right + 14 || box.bottom > frame.bottom + 2,
  )
  const pairs = labels.flatMap((label, index) =>
    labels
      .slice(index + 1)
      .filter((other) => overlaps(label.box, other.box))
      .map((other) => `'${label.text}' lies upon '${other.text}'`),
  )
  return [...strays.map(({ text }) => `'${text}' sticks out`), ...pairs]
}

/** Lines of text may touch. */
function overlaps(a, b) {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  return width > 1 && height > 4
}

/** A name that stays in place while its table scrolls must leave room for what scrolls. */
function stuckFaults(name) {
  const room = name.closest('.scroll').getBoundingClientRect().width
  const { width } = name.getBoundingClientRect()
  const isTooWide = width > 0.6 * room || name.scrollWidth > name.clientWidth + 1
  return isTooWide ? [`'${name.textContent}' covers its table`] : []
}

function layoutFaults() {
  const { clientWidth, scrollWidth } = document.documentElement
  const charts = Array.from(document.querySelectorAll('svg.chart')).filter(
    (chart) => chart.getClientRects().length > 0,
  )
  return [
    ...(scrollWidth > clientWidth ? [`the page is ${scrollWidth} px wide`] : []),
    ...(charts.length === 0 ? ['no chart is visible'] : []),
    ...charts.flatMap(labelFaults),
    ...Array.from(document.querySelectorAll('tbody th')).flatMap(stuckFaults),
  ]
}

function headingLevels() {
  return Array.from(document.querySelectorAll('h1, h2, h3'), ({ tagName }) => Number(tagName[1]))
}

/** What a screen reader could not name. */
function unnamed() {
  return Array.from(
    document.querySelectorAll('svg.chart, [role="region"], button, nav, summary, a'),
  )
    .filter((element) => nameOf(element).trim() === '')
    .map((element) => element.outerHTML.slice(0, 80))
}

function nameOf(element) {
  const others = element.getAttribute('aria-labelledby')?.split(' ') ?? []
  const words = others.map((id) => document.querySelector(`#${id}`)?.textContent ?? '')
  return `${words.join('')}${element.getAttribute('aria-label') ?? element.textContent}`
}

/** The cells of a table's body, row by row. */
function cellsOf(id) {
  return Array.from(document.querySelectorAll(`#${id} tbody tr`), (row) =>
    Array.from(row.cells, (cell) => cell.textContent),
  )
}

/** What has the focus: a chart by its table, all else by its kind. */
function focused() {
  const { activeElement } = document
  return activeElement.dataset?.table ?? activeElement.tagName
}

function ground() {
  return getComputedStyle(document.body).backgroundColor
}

globalThis.pageChecks = { cellsOf, focused, ground, headingLevels, layoutFaults, unnamed }
