// Looks at a page as assistive technology and weak eyes would: names, roles, landmarks, contrast, overflow. Runs in the browser.
import type { Page } from 'playwright-core'

/** What is wrong with the page as it stands, one line each; empty when nothing is. */
export function auditPage(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wrong: string[] = []
    const shown = (element: Element) => element.checkVisibility({ visibilityProperty: true })
    const tell = (element: Element) => element.outerHTML.replace(/\s+/gu, ' ').slice(0, 140)

    function nameOf(element: Element): string {
      const labelled = (element.getAttribute('aria-labelledby') ?? '').split(' ').filter((id) => id !== '')
      const byId = labelled.map((id) => document.getElementById(id)?.textContent ?? '').join(' ')
      const labels =
        element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element.labels : null
      const byLabel = Array.from(labels ?? [], (label) => label.textContent).join(' ')
      const inner = Array.from(
        element.querySelectorAll('[aria-label], img[alt]'),
        (one) => one.getAttribute('aria-label') ?? one.getAttribute('alt'),
      )
      return [
        byId,
        element.getAttribute('aria-label'),
        byLabel,
        element.textContent,
        ...inner,
        element.getAttribute('title'),
      ]
        .map((part) => (part ?? '').trim())
        .join('')
    }

    for (const element of document.querySelectorAll(
      'a[href], button, input:not([type=hidden]), textarea, select, [role=tab], [role=dialog]',
    )) {
      if (shown(element) && nameOf(element) === '') wrong.push(`no name: ${tell(element)}`)
    }
    const ids = Array.from(document.querySelectorAll('[id]'), (element) => element.id)
    for (const id of new Set(ids.filter((one, index) => ids.indexOf(one) !== index)))
      wrong.push(`id twice: ${id}`)
    if (document.querySelectorAll('h1').length !== 1)
      wrong.push(`${document.querySelectorAll('h1').length} h1`)
    if (document.querySelectorAll('main').length !== 1) wrong.push('not one main')
    if (document.documentElement.lang === '') wrong.push('no language')
    if (document.title === '') wrong.push('no title')
    for (const table of document.querySelectorAll('table')) {
      if (table.caption === null) wrong.push(`no caption: ${tell(table)}`)
      if (Array.from(table.querySelectorAll('th')).some((th) => th.scope === ''))
        wrong.push(`th without scope: ${tell(table)}`)
    }
    for (const element of document.querySelectorAll(
      '[aria-hidden=true] :is(a[href], button:not([tabindex="-1"]), input)',
    )) {
      if (shown(element)) wrong.push(`hidden but reachable: ${tell(element)}`)
    }
    const over = document.documentElement.scrollWidth - document.documentElement.clientWidth
    if (over > 0) wrong.push(`wider than the window by ${over} px`)

    // Contrast of every visible text against the ground behind it (WCAG 2.2, AA). Colours are drawn to read them in any notation.
    const canvas = document.createElement('canvas')
    canvas.width = 1
    canvas.height = 1
    const pen = canvas.getContext('2d', { willReadFrequently: true })
    function rgba(color: string): readonly [number, number, number, number] {
      if (pen === null) return [0, 0, 0, 1]
      pen.clearRect(0, 0, 1, 1)
      pen.fillStyle = color
      pen.fillRect(0, 0, 1, 1)
      const [r = 0, g = 0, b = 0, a = 0] = pen.getImageData(0, 0, 1, 1).data
      return [r, g, b, a / 255]
    }
    type Rgb = readonly [number, number, number]
    const over2 = (top: readonly [number, number, number, number], below: Rgb): Rgb => [
      top[0] * top[3] + below[0] * (1 - top[3]),
      top[1] * top[3] + below[1] * (1 - top[3]),
      top[2] * top[3] + below[2] * (1 - top[3]),
    ]
    function groundOf(element: Element): Rgb {
      const chain: Element[] = []
      for (let at: Element | null = element; at !== null; at = at.parentElement) chain.unshift(at)
      let ground: Rgb = [255, 255, 255]
      for (const one of chain) ground = over2(rgba(getComputedStyle(one).backgroundColor), ground)
      return ground
    }
    function light([r, g, b]: Rgb): number {
      const linear = [r, g, b].map((value) => {
        const share = value / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0)
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const seen = new Set<string>()
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement
      if (element === null || (walker.currentNode.textContent ?? '').trim() === '' || !shown(element))
        continue
      if (
        element.closest(
          '[disabled], [data-disabled], [aria-disabled=true], .visually-hidden, noscript, svg',
        ) !== null
      )
        continue
      const style = getComputedStyle(element)
      const ground = groundOf(element)
      const text = over2(rgba(style.color), ground)
      const [high, low] = [light(text), light(ground)].toSorted((a, b) => b - a)
      const ratio = ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05)
      const size = Number.parseFloat(style.fontSize)
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
      if (ratio >= (large ? 3 : 4.5) - 0.01) continue
      const line = `contrast ${ratio.toFixed(2)}: ${tell(element)}`
      if (!seen.has(line)) wrong.push(line)
      seen.add(line)
    }
    return wrong
  })
}
