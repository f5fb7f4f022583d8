import * as z from 'zod/mini'
import { type Environment, integerVariable, parseConfig } from '../../shared/config'

/** What people would not want on the bus, in traces and in dead letters unless they ask for it (facts: personal data). */
const DROPPED_BY_DEFAULT = 'mobile,email,orgEmail,avatar,extension,extattr,remark,tags,telephone'

const list = (fallback: string) =>
  z.pipe(
    z._default(z.string(), fallback),
    z.transform((text: string) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    ),
  )

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

const schema = z.object({
  EVENTBRIDGE_ENDPOINT: z.optional(
    z.string().check(z.refine((text) => /^https?:$/.test(protocolOf(text)), 'must be an http(s) URL')),
  ),
  ALLOW_PLAINTEXT_VPC: z._default(z.enum(['0', '1'], 'must be 0 or 1'), '0'),
  EVENT_BUS_NAME: z.string().check(z.regex(/^[A-Za-z0-9-]{1,127}$/, 'must be 1 to 127 letters, digits or hyphens')),
  EVENT_SOURCE_NAME: z._default(
    z.string().check(z.regex(/^[A-Za-z0-9.-]{1,127}$/, 'must be 1 to 127 letters, digits, dots or hyphens')),
    'my.dingtalk',
  ),
  ALLOWED_METHODS: list('POST').check(
    z.refine((methods) => methods.length > 0 && methods.every((method) => METHODS.includes(method)), {
      error: `must be a list of ${METHODS.join(', ')}`,
    }),
  ),
  WEBHOOK_TOKEN: z.optional(z.string().check(z.minLength(16, 'must have at least 16 characters'))),
  REQUEST_BUDGET_MS: integerVariable(900, 100, 60_000),
  MAX_BODY_BYTES: integerVariable(65_536, 1024, 1_048_576),
  /** `none` drops nothing: an empty variable is an unset one */
  DROP_FIELDS: z.pipe(
    list(DROPPED_BY_DEFAULT),
    z.transform((names) => (names.join() === 'none' ? [] : names)),
  ),
  FC_ACCOUNT_ID: z.optional(z.string()),
  FC_REGION: z.optional(z.string()),
  ALIBABA_CLOUD_ACCESS_KEY_ID: z.optional(z.string()),
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: z.optional(z.string()),
  ALIBABA_CLOUD_SECURITY_TOKEN: z.optional(z.string()),
})

export type WebhookConfig = z.infer<typeof schema>

/**
 * Reads the webhook's variables (README, "Configuration").
 * @throws ConfigError naming every bad variable
 */
export function readConfig(environment: Environment): WebhookConfig {
  return parseConfig(schema, environment)
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : ''
}
