/** What the page and its server say to each other of events that somebody makes up: to send them, or to try them. */

/** `GET /trace/samples?event=…`: with what a form begins; `reveal=1` shows personal data */
export interface Samples {
  buses: { name: string; sources: string[] }[]
  /** of each enabled rule for which one could be made */
  matching: (Draft & { rule: string })[]
  /** the event that is asked for, or the newest */
  again?: Draft
}

/** An event as somebody fills it into a form. */
export interface Draft {
  bus: string
  source: string
  type: string
  subject?: string | undefined
  /** JSON text; empty where the event has none */
  data: string
}

/** `POST /trace/publish` takes a Draft. */
export interface Published {
  /** the event's */
  id: string
  /** its number in the trace, where it was accepted */
  seq?: number
  /** why not, by PutEvents' code and in its words; or where the data is no JSON */
  refused?: { code: string; message: string } | { fault: TextFault }
}

/** Lines and columns from 1 on; the message goes on from "it". */
export interface TextFault {
  line: number
  column: number
  message: string
}

/** One entry of a target's ParamList, but for its name. */
export interface Transform {
  form: 'ORIGINAL' | 'JSONPATH' | 'CONSTANT' | 'TEMPLATE'
  value?: string | undefined
  template?: string | undefined
}

/** `POST /trace/try`: nothing is published, and nothing kept */
export interface TryCommand {
  /** a CloudEvent's JSON text */
  event: string
  /** JSON text; empty where none is tried */
  pattern: string
  transform?: Transform | undefined
}

export interface Tried {
  /** why the event cannot be read: then there is nothing else of it */
  fault?: TextFault
  /** why PutEvents would refuse it */
  refused?: { code: string; message: string }
  /** of the pattern that was given */
  pattern?: TriedPattern
  /** of the transform that was given */
  transform?: TriedText
  /** of each rule of the event's bus, or of every bus where the event names none */
  rules: TriedRule[]
}

export type TriedPattern = { fault: TextFault | string } | { why?: string }
export type TriedText = { text: string } | { why: string }

export interface TriedRule {
  bus: string
  rule: string
  /** why it does not match */
  why?: string
  targets: { id: string; type: string; params: ({ key: string } & TriedText)[] }[]
}
