import { createStore } from './store.ts'

/** The words in the search field, shared by the frame and the start page. In memory only. */
export const finderText = createStore('')
