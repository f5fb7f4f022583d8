/** Percent-encoding of RFC 3986, as both signatures want it: only letters, digits and `-_.~` stay as they are. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
