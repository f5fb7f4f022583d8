/** The build checks mapping.yaml and inlines it as data (cli/build/buildFunctions.ts). */
declare module '*/mapping.yaml' {
  const mappings: readonly import('../../shared/mapping/mapping').Mapping[]
  export default mappings
}
