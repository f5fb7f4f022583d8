/**
 * The app's own secrets, by the ends of their names: `SuiteTicket`, `suite_access_token`, `tmp_auth_code`,
 * `permanent_code`, `client_secret`. Whoever has one acts as the app, so none travels, whatever DROP_FIELDS says.
 */
const SECRET =
  /(suiteticket|jsapiticket|authcode|permanentcode|accesstoken|refreshtoken|secret|secretkey|aeskey|password)$/

/** Which fields are cut out of an event. */
export interface CutFields {
  /** whether the field of this name goes */
  has(name: string): boolean
  /** whether a text can hold such a field at all: false is sure, and spares the search */
  mayBeIn(text: string): boolean
}

/** `orgEmail`, `org_email` and `OrgEmail` are one field: its spelling is a matter of where it comes from. */
export function foldName(name: string): string {
  const plain = name.toLowerCase()
  // whether a character is a letter of any script is dear to ask, and most names need not be asked
  return isAscii(plain) ? lettersOf(plain) : plain.replace(/(?![a-z0-9])[^\p{L}\p{N}]+/gu, '')
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text)
}

/** The letters and digits that are ASCII, of a text in lower case. */
function lettersOf(text: string): string {
  return text.replace(/[^a-z0-9]+/g, '')
}

/** Whether a name is one word: there is nothing within it, and nothing encoded in it. */
export function isWord(name: string): boolean {
  return /^[\w-]*$/.test(name)
}

/** The fields of these names, in any spelling, and the app's secrets; `user.mobile` and `user[mobile]` are `mobile`. */
export function compileFields(names: readonly string[]): CutFields {
  const folded = new Set(names.map(foldName))
  const any = new RegExp([...folded, SECRET.source.replace('$', '')].join('|'))
  // what is no ASCII may be left out of the text, too, where it is in none of the names: no letters are parted by that
  const letters = [...folded].every(isAscii) ? (text: string) => lettersOf(text.toLowerCase()) : foldName
  const isCut = (name: string) => folded.has(name) || SECRET.test(name)
  return {
    has: (name) =>
      isCut(foldName(name)) || (!isWord(name) && name.split(/[^\p{L}\p{N}_-]+/u).some((part) => isCut(foldName(part)))),
    // what is escaped may be anything
    mayBeIn: (text) => /\\[bfnrtu]|%[0-9a-f]{2}/i.test(text) || any.test(letters(text)),
  }
}
