/** A target of a rule as the API takes it: a function that is given the whole event. */
export function functionTarget(Id: string, fields: object = {}): Record<string, unknown> {
  return {
    Id,
    Type: 'acs.fc.function',
    Endpoint: `acs:fc:cn-hangzhou:123456789012:functions/${Id}`,
    ParamList: [{ ResourceKey: 'Body', Form: 'ORIGINAL' }],
    ...fields,
  }
}
