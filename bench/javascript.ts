// The JavaScript that a new visitor's browser is sent for the first view of the hosts.
import type { Browser } from 'playwright'
import { gzipSync } from 'node:zlib'
import { kilobytes, type Line } from './line.ts'

type Script = { sent: number; whole: number; gzip: number; encoding: string }

export async function measureJavaScript(browser: Browser, url: string): Promise<Line> {
  // The service worker fetches the other pages' scripts later; the first view does not wait for them.
  const context = await browser.newContext({ serviceWorkers: 'block' })
  const page = await context.newPage()
  const scripts: Promise<Script>[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return
    scripts.push(
      (async () => {
        await response.finished()
        const whole = await response.body()
        const { responseBodySize } = await response.request().sizes()
        const encoding = (await response.allHeaders())['content-encoding'] ?? 'none'
        return { sent: responseBodySize, whole: whole.length, gzip: gzipSync(whole).length, encoding }
      })(),
    )
  })
  await page.goto(`${url}/host-selection`)
  await page.getByRole('heading', { level: 2 }).first().waitFor()
  await page.waitForLoadState('networkidle')
  const all = await Promise.all(scripts)
  await context.close()
  const sum = (what: 'sent' | 'whole' | 'gzip') => all.reduce((total, script) => total + script[what], 0)
  const encodings = [...new Set(all.filter(({ whole }) => whole > 1000).map(({ encoding }) => encoding))]
    .sort()
    .join(', ')
  return {
    name: 'JavaScript sent for the first view of /host-selection',
    measured: `${kilobytes(sum('sent'))} in ${all.length} files (${encodings}); as gzip ${kilobytes(sum('gzip'))}`,
    values: { sentBytes: sum('sent'), gzipBytes: sum('gzip'), wholeBytes: sum('whole'), files: all.length },
    aim: 'under 120 kB compressed',
    ratio: `${(sum('sent') / sum('whole')).toFixed(2)} of ${kilobytes(sum('whole'))} uncompressed`,
  }
}
