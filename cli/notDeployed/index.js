/**
 * What `s` runs in the place of the component fc3 for a function of s.yaml that is not deployed, since DINGTALK_APP_KEY is
 * not set. https://docs.serverless-devs.com/user-guide/builtin/component-development/
 */
const COMMANDS = [
  ...['deploy', 'remove', 'info', 'plan', 'sync', 'build', 'local', 'invoke', 'logs', 'instance', 'metrics'],
  ...['alias', 'version', 'provision', 'concurrency', 'scaling', 'layer', 'session', 's2tos3', 'model'],
]

module.exports = class {
  constructor({ logger }) {
    const say = async ({ props: { functionName } }) => {
      logger.info(
        `${functionName} needs DINGTALK_APP_KEY (.env.example), which is not set: it is not deployed, and one that was deployed before is left as it is.`,
      )
    }
    for (const command of COMMANDS) this[command] = say
  }
}
