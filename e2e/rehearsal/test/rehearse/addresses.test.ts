import { expect, it } from 'vitest'
import { addressesOf } from '../../src/rehearse/addresses.ts'

const answer = (paths: object) => ({ status: 200, headers: new Headers(), body: JSON.stringify({ paths }) })

it('every operation is an address about what is not there, with a body that says nothing where one is wanted', () => {
  const paths = {
    '/api/searches/{id}/panels/{panel}': { get: {}, parameters: [] },
    '/api/applications/{application}/model': { get: {} },
    '/api/searches': { get: {}, post: { requestBody: {} } },
    '/api/audit/verification': { get: {}, post: {} },
  }
  expect(addressesOf(answer(paths))).toEqual([
    { method: 'GET', path: '/api/searches/019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071/panels/summary' },
    { method: 'GET', path: '/api/applications/pas/model' },
    { method: 'GET', path: '/api/searches' },
    { method: 'POST', path: '/api/searches', body: {} },
    { method: 'GET', path: '/api/audit/verification' },
  ])
})

it('a document that was refused is no list of addresses', () => {
  expect(() => addressesOf({ ...answer({}), status: 401 })).toThrow()
})
