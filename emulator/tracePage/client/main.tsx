import { render } from 'preact'
import { App } from './App'

const root = document.getElementById('page')
if (root !== null) {
  const { webhookUrl = '', hasPeople } = root.dataset
  render(<App webhookUrl={webhookUrl} hasPeople={hasPeople === 'true'} />, root)
}
