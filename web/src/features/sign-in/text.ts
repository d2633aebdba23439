export const text = {
  ended: {
    title: 'Your session has ended',
    lead: 'Sign in again in a window of its own. This page stays as it is, with everything you typed.',
    open: 'Sign in again',
    leave: 'Not now',
    blocked: 'The browser did not let the window open. Allow windows for this site, then try again.',
    opened: 'Sign in in the other window; this page goes on by itself then.',
  },
  pages: {
    'signed-out': {
      title: 'You are signed out',
      lead: 'Nothing of what you saw is shown in this browser any more.',
      action: 'Sign in',
    },
    'other-window': {
      title: 'You are signed in',
      lead: 'The page you came from goes on by itself. This window may be closed.',
      action: undefined,
    },
    unreachable: {
      title: 'The archive cannot be reached',
      lead: 'It does not answer, or the sign-in provider does not. Check your connection, then try again.',
      action: 'Try again',
    },
    refused: {
      title: 'You could not be signed in',
      lead: 'The sign-in was ended, or it took too long. Nothing was changed.',
      action: 'Try again',
    },
    insecure: {
      title: 'This address is not secure',
      lead: 'Signing in needs https, or an address on this machine. Ask whoever runs the archive for the right address.',
      action: undefined,
    },
  },
}
