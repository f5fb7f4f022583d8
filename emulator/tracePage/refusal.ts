/** A request of the page that is answered with an error. */
export class Refusal extends Error {
  override name = 'Refusal' as const
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}
