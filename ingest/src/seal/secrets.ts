export { readSealSecret, sealSecret } from '@muniment/archive/seals/secrets'
