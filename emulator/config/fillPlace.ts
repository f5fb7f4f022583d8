/** Fills `${region}` and `${account}` of eventbridge.yaml in. */
export function fillPlace(text: string, { region, accountId }: { region: string; accountId: string }): string {
  return text.replace(/\$\{region\}/g, region).replace(/\$\{account\}/g, accountId)
}
