/** https://help.aliyun.com/en/eventbridge/product-overview/limits */
export function isResourceName(name: string): boolean {
  return /^[A-Za-z0-9-]{1,127}$/.test(name) && !isReserved(name)
}

/** A source may have dots in its name, as in my.dingtalk. */
export function isSourceName(name: string): boolean {
  return /^[A-Za-z0-9.-]{1,127}$/.test(name) && !isReserved(name)
}

export const RESOURCE_NAME = '1 to 127 letters, digits or hyphens'
export const SOURCE_NAME = '1 to 127 letters, digits, hyphens or dots'

function isReserved(name: string): boolean {
  return name.startsWith('eventbridge-reserved-')
}
