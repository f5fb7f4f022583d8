import { render } from 'preact'
import { App } from './App'

const root = document.getElementById('page')
if (root !== null) {
  const { webhookUrl = '', directoryUrl = '', hasPeople } = root.dataset
  render(<App webhookUrl={webhookUrl} directoryUrl={directoryUrl} hasPeople={hasPeople === 'true'} />, root)
}
