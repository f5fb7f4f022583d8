import fs from 'node:fs'
import path from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

// the first is the engine without a browser's windows, which takes a third of the processor's time (Debian has it by itself)
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome']

/** The Chromium of CHROMIUM_PATH, or one on PATH; undefined where there is none. */
function findChromium(): string | undefined {
  const { CHROMIUM_PATH, PATH = '' } = process.env
  if (CHROMIUM_PATH) return CHROMIUM_PATH
  const candidates = NAMES.flatMap((name) => PATH.split(path.delimiter).map((folder) => path.join(folder, name)))
  return candidates.find((file) => fs.existsSync(file))
}

export interface TestPage extends Page {
  /** what went wrong in it: errors, and what its policy refused */
  faults: string[]
  /** every address that it asked for */
  addresses: string[]
}

/**
 * Describes tests in a real browser. Where no Chromium is found they are skipped, and say so.
 * @param tests is given what opens a page, with a profile of its own
 */
export function describeInBrowser(
  name: string,
  tests: (open: (url: string, options?: BrowserContextOptions) => Promise<TestPage>) => void,
): void {
  const executablePath = findChromium()
  if (executablePath === undefined) {
    console.warn('No Chromium was found on PATH, nor named by CHROMIUM_PATH: the tests in a browser are skipped.')
    describe.skip(name, () => tests(() => Promise.reject(new Error('no browser'))))
    return
  }
  describe(name, () => {
    let browser: Browser
    beforeAll(async () => {
      // Chromium's sandbox does not run as root, as which CI's containers are
      browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 })
    })
    afterAll(() => browser?.close())

    tests(async (url, options) => {
      const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 }, ...options })
      const page = await context.newPage()
      // below jest's own limit, so that what was waited for in vain is named
      page.setDefaultTimeout(30_000)
      const faults: string[] = []
      const addresses: string[] = []
      page.on('pageerror', (error) => faults.push(error.message))
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
      page.on('request', (request) => addresses.push(request.url()))
      await page.goto(url)
      return Object.assign(page, { faults, addresses })
    })
  })
}
