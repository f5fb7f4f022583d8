export type RetryStrategy = 'BACKOFF_RETRY' | 'EXPONENTIAL_DECAY_RETRY'

/**
 * Milliseconds to wait after that many failed attempts (1 = the first delivery failed), or undefined when the strategy
 * gives up. `random` gives a number in [0, 1).
 * - BACKOFF_RETRY: 3 retries, 10 to 20 seconds apart, by chance.
 * - EXPONENTIAL_DECAY_RETRY: 176 retries over a day: after 1, 2, 4, … 256 seconds, then 167 times 512 seconds.
 *
 * https://help.aliyun.com/en/eventbridge/user-guide/retry-and-dead-letter
 */
export function retryDelay(strategy: RetryStrategy, failedAttempts: number, random: () => number): number | undefined {
  switch (strategy) {
    case 'BACKOFF_RETRY':
      return failedAttempts > 3 ? undefined : 10_000 + Math.floor(random() * 10_000)
    case 'EXPONENTIAL_DECAY_RETRY':
      return failedAttempts > 176 ? undefined : Math.min(2 ** (failedAttempts - 1), 512) * 1000
  }
}

/** In any case. What is unknown or absent is the default, as in the open-source twin: the documents too misspell the names. */
export function parseRetryStrategy(text: string | undefined): RetryStrategy {
  return text?.toUpperCase() === 'EXPONENTIAL_DECAY_RETRY' ? 'EXPONENTIAL_DECAY_RETRY' : 'BACKOFF_RETRY'
}
