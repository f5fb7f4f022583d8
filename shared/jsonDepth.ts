/**
 * How deep a JSON text is nested: 0 for a scalar, 1 for `{}`. Whoever walks a value could else run out of stack. It is
 * measured on the text: a value under a key that comes twice is in no parsed object, and yet goes on with the text.
 * @param json text that parses; of any other the depth means nothing
 */
export function depthOf(json: string): number {
  let depth = 0
  let deepest = 0
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case '"':
        at = endOfString(json, at)
        break
      case '{':
      case '[':
        depth++
        if (depth > deepest) deepest = depth
        break
      case '}':
      case ']':
        depth--
    }
  }
  return deepest
}

/** Where the quote is that closes the string that begins at `start`; the end of the text when there is none. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    if (json[at] === '\\') at++
    else if (json[at] === '"') return at
  }
  return json.length
}
