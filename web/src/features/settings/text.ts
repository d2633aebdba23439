export const text = {
  title: 'Settings',
  lead: 'Kept in this browser. They change how things look, never what is searched.',
  groups: [
    {
      key: 'theme',
      label: 'Light or dark',
      options: [
        ['system', 'As the device is set'],
        ['light', 'Light'],
        ['dark', 'Dark'],
      ],
    },
    {
      key: 'density',
      label: 'Tables',
      options: [
        ['compact', 'Compact'],
        ['comfortable', 'Comfortable'],
      ],
    },
    {
      key: 'dates',
      label: 'Dates',
      options: [
        ['long', '5 Jul 2024'],
        ['iso', '2024-07-05'],
      ],
    },
    {
      key: 'paper',
      label: 'Paper',
      options: [
        ['A4', 'A4'],
        ['letter', 'Letter'],
      ],
    },
    {
      key: 'keys',
      label: 'Single keys as shortcuts',
      options: [
        ['on', 'On'],
        ['off', 'Off'],
      ],
    },
  ],
  person: 'You',
  groupsOf: 'Groups',
} as const
