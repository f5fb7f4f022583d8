/** Polls a condition until it holds; for what happens by itself, with nothing to listen to. */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  failure: () => string = () => `waited in vain for ${condition}`,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(failure())
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
