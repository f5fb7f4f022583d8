import { format } from 'node:util'

type Body = () => unknown

/** As jest's `test`, for tests that go on from what those before them have left. */
interface Story {
  (name: string, body: Body): void
  each<Row extends readonly unknown[]>(rows: readonly Row[]): (name: string, body: (...row: Row) => unknown) => void
  /** before each of them; jest's own would run before the one that jest has chosen */
  beforeEach(body: Body): void
}

/**
 * Tests that build on each other: whichever is run first (jest may shuffle them, or be told to run one), those before it
 * run before it, and each runs once. One that fails fails by itself.
 */
export function story(): Story {
  let before: () => Promise<void> = async () => {}
  let prepare: Body = () => {}
  const add = (name: string, body: Body) => {
    const earlier = before
    let run: Promise<void> | undefined
    const once = () => {
      run ??= earlier()
        .catch(() => {})
        .then(prepare)
        .then(async () => void (await body()))
      return run
    }
    before = once
    test(name, once)
  }
  return Object.assign(add, {
    each:
      <Row extends readonly unknown[]>(rows: readonly Row[]) =>
      (name: string, body: (...row: Row) => unknown) => {
        const holes = name.match(/%[sdifjop]/g)?.length ?? 0
        for (const row of rows) add(format(name, ...row.slice(0, holes)), () => body(...row))
      },
    beforeEach(body: Body) {
      prepare = body
    },
  })
}
