const ESCAPES: Readonly<Record<string, string>> = { '\0': '\\0', '\n': '\\n', '\r': '\\r', "'": "\\'", '\\': '\\\\' }

/** A text in SQL, on one line, under the sql_mode of the session (applyPlan.ts): a backslash escapes. */
export function literal(text: string): string {
  return `'${text.replace(/[\0\n\r'\\]/g, (character) => ESCAPES[character] ?? '')}'`
}
