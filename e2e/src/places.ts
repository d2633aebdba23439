import { fleet, hostile, motorPolicy } from '@muniment/ingest/sample/pas/anchors'
import type { Page } from '@playwright/test'
import { FormPage } from '../pages/FormPage.ts'
import { HistoryPage } from '../pages/HistoryPage.ts'
import { ModelPage } from '../pages/ModelPage.ts'
import { PrintPage } from '../pages/PrintPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { SettingsPage } from '../pages/SettingsPage.ts'
import { StartPage } from '../pages/StartPage.ts'
import type { Archive } from './archive.ts'

export interface Place {
  name: string
  open: (page: Page) => Promise<unknown>
}

/** Every page there is, with what is widest and strangest on it. */
export async function everyPlace(archive: Archive): Promise<Place[]> {
  const { validOn, before } = motorPolicy.correction
  const dated = { policy_number: motorPolicy.policyNumber, valid_on: validOn, known_on: before.knownOn }
  const file = await archive.search('policy-file', dated)
  const wide = await archive.search('policy-file', { policy_number: fleet.policyNumber })
  const list = await archive.search('find-customer', { surname: 'Mayer', match: 'sound' })
  const none = await archive.search('find-customer', { surname: 'Nobodysname', place: 'x'.repeat(100) })
  const strange = await archive.search('claim-file', { claim_number: hostile.claimNumber })
  const report = await archive.search('large-losses', {
    loss_from: '2000-01-01',
    loss_to: '2024-12-31',
    threshold: '1',
  })
  return [
    { name: 'the start page', open: (page) => StartPage.open(page) },
    { name: 'a form', open: (page) => FormPage.open(page, 'find-customer', 'Find a customer') },
    { name: 'a form with lists', open: (page) => FormPage.open(page, 'find-claim', 'Find a claim') },
    { name: 'a list', open: (page) => ResultPage.open(page, list.id, 'Find a customer') },
    { name: 'an empty list', open: (page) => ResultPage.open(page, none.id, 'Find a customer') },
    { name: 'a report', open: (page) => ResultPage.open(page, report.id, 'Large losses') },
    { name: 'a file', open: (page) => ResultPage.open(page, file.id, motorPolicy.policyNumber) },
    { name: 'a large file', open: (page) => ResultPage.open(page, wide.id, fleet.policyNumber) },
    { name: 'a file of hostile texts', open: (page) => ResultPage.open(page, strange.id, hostile.claimNumber) },
    { name: 'a document to print', open: (page) => PrintPage.open(page, file.id) },
    { name: 'the history', open: (page) => HistoryPage.open(page) },
    { name: 'the data model', open: (page) => ModelPage.open(page) },
    { name: 'the settings', open: (page) => SettingsPage.open(page) },
  ]
}
