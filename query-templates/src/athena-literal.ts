export { athenaLiteral } from '@muniment/archive/engine/athena/athena-literal'
