import { command } from './standalone/command'

void command(process.env)
