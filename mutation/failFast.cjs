// of jest, which has it as its default
const { TestEnvironment } = require('jest-environment-node')

/** Where a change makes every test of a file wait until its time limit, the first is enough. */
module.exports = class FailFast extends TestEnvironment {
  failed = false

  /** https://jestjs.io/docs/configuration#testenvironment-string */
  handleTestEvent = (event) => {
    if (event.name === 'test_done') this.failed ||= event.test.errors.length > 0
    if (event.name === 'test_start' && this.failed) event.test.mode = 'skip'
  }
}
