import { parse, YAMLParseError } from 'yaml'
import * as z from 'zod/mini'
import { errorMessage } from '../../shared/errorCode'
import { UserError } from '../../shared/userError'
import { compilePattern } from '../pattern/compilePattern'
import { compileTarget, targetEntry } from '../targets/compileTarget'
import type { Connections } from '../targets/target'
import type { EventBus, Rule } from './resources'

const name = z.string().check(z.regex(/^[A-Za-z0-9-]{1,127}$/, 'must be 1 to 127 letters, digits or hyphens'))

const schema = z.strictObject({
  EventBusName: name,
  // Any source may publish, as in the cloud through the API: these are for provisioning.
  EventSources: z.optional(
    z.array(z.strictObject({ EventSourceName: z.string(), Description: z.optional(z.string()) })),
  ),
  Rules: z
    .array(
      z.strictObject({
        RuleName: name,
        Description: z.optional(z.string()),
        Status: z._default(z.enum(['ENABLE', 'DISABLE'], 'must be ENABLE or DISABLE'), 'ENABLE'),
        FilterPattern: z.unknown(),
        Targets: z.array(targetEntry).check(
          z.maxLength(5, 'a rule may have 5 targets'),
          onlyOnce('the Id', ({ Id }) => Id),
        ),
      }),
    )
    .check(onlyOnce('the RuleName', ({ RuleName }) => RuleName)),
})

/**
 * Reads eventbridge.yaml and compiles its rules and targets. What the emulator would not do as the service does is
 * refused, never ignored.
 * @param text the file's content
 * @param file its name, for errors
 * @param connections what its targets reach the world by
 * @throws UserError that names every fault
 */
export function readEventBridgeFile(text: string, file: string, connections: Connections): EventBus {
  const parsed = schema.safeParse(parseYaml(text, file))
  if (!parsed.success) {
    throw new UserError(
      parsed.error.issues.map(({ path, message }) => `${file} ${path.join('.')}: ${message}`).join('\n'),
    )
  }
  const { EventBusName, Rules } = parsed.data
  return {
    name: EventBusName,
    rules: Rules.map(
      (rule): Rule => ({
        name: rule.RuleName,
        enabled: rule.Status === 'ENABLE',
        pattern: orRefuse(`${file} ${rule.RuleName}.FilterPattern`, () => compilePattern(rule.FilterPattern)),
        targets: rule.Targets.map((entry) =>
          orRefuse(`${file} ${rule.RuleName}.${entry.Id}`, () => compileTarget(entry, connections)),
        ),
      }),
    ),
  }
}

function onlyOnce<T>(what: string, nameOf: (item: T) => string) {
  return z.check<T[]>(({ value: items, issues }) => {
    const names = items.map(nameOf)
    const repeated = names.find((other, index) => names.indexOf(other) < index)
    if (repeated !== undefined) {
      issues.push({ code: 'custom', input: items, message: `${what} ${repeated} is given twice` })
    }
  })
}

function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    // its first line says what and where; the rest shows the place
    if (error instanceof YAMLParseError) throw new UserError(`${file}: ${error.message.split(':\n')[0]}`)
    throw error
  }
}

function orRefuse<T>(where: string, compile: () => T): T {
  try {
    return compile()
  } catch (error) {
    throw new UserError(`${where}: ${errorMessage(error)}`)
  }
}
