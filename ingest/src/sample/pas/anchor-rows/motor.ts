import { fatma, juergen, motorClaim, motorPolicy, thomas } from '../anchors.ts'
import { OPEN } from '../calendar.ts'
import { providerNumber } from '../identifiers.ts'
import { putPaidInvoice } from './account-book.ts'
import { type AnchorBook, amount, d, LUEDENSCHEID } from './book.ts'
import { putEvents, putLetters, putPayments, putReserves } from './claim-book.ts'
import { putDocument, putPolicy } from './policy-book.ts'

/** His motor policy, with the correction of its past and a claim with third parties. */
export function writeMotorPolicy(book: AnchorBook): void {
  writeMotor(book)
  writeMotorClaim(book)
}

function writeMotor(book: AnchorBook): void {
  const { policyNumber } = motorPolicy
  putPolicy(book, {
    number: policyNumber,
    line: '11',
    product: 'KFZ18',
    holder: juergen.partyNumber,
    agent: LUEDENSCHEID,
    begin: motorPolicy.beginsOn,
    premium: 398.4,
    sum: 100_000_000,
    deductible: 150,
    covers: [
      ['KH', 100_000_000],
      ['TK', 40_000],
    ],
    changes: [
      { from: '2004-01-01', recorded: '2003-11-15', reason: 'E07', premium: 365.2, noClaims: 'SF14' },
      {
        from: '2019-01-01',
        recorded: '2018-12-11',
        reason: 'E03',
        premium: 512.6,
        noClaims: 'SF28',
        note: 'Falkner Volta statt Horizont Kombi',
      },
      {
        from: '2019-07-01',
        recorded: '2020-06-15',
        reason: 'B09',
        premium: 587.9,
        noClaims: 'SF28',
        note: 'Jährliche Fahrleistung 25.000 statt 12.000 km, lt. Werkstattrechnung',
      },
    ],
  })
  const vehicle = (
    number: number,
    plate: string,
    make: string,
    model: string,
    registered: string,
    from: string,
    to: string | null,
    price: number,
  ) => {
    book.put('vehicles', {
      policy_number: policyNumber,
      vehicle_no: number,
      plate,
      vin: `WFA00ZZZ00000000${number}`,
      make,
      model,
      first_registration: d(registered),
      power_kw: 60 + number * 30,
      list_price: amount(price),
      currency: 'EUR',
      use: 'P',
      yearly_distance_km: number === 3 ? 25_000 : 12_000,
      valid_from: d(from),
      valid_to: to === null ? OPEN : d(to),
    })
    book.put('vehicle_plates', {
      policy_number: policyNumber,
      vehicle_no: number,
      plate_no: 1,
      plate,
      country: 'D',
      valid_from: d(from),
      valid_to: to === null ? OPEN : d(to),
    })
  }
  vehicle(1, 'HSK-ML 3', 'Falkner', 'Kadenz 1.6', '1988-06-10', '1991-03-01', '2003-12-31', 13_100)
  vehicle(2, 'MK-ML 300', 'Falkner', 'Horizont Kombi', '2003-11-28', '2004-01-01', '2018-12-31', 22_900)
  vehicle(3, motorPolicy.plate, 'Falkner', 'Volta', '2018-12-14', '2019-01-01', null, 41_250)
  putDocument(book, policyNumber, juergen.partyNumber, 1, 'D02', '2003-11-17 08:05', 'Nachtrag zum Versicherungsschein')
  putDocument(book, policyNumber, juergen.partyNumber, 2, 'D09', '2018-12-11 14:42', 'Versicherungsbestätigung (eVB)')
  putDocument(book, policyNumber, juergen.partyNumber, 3, 'D02', '2018-12-12 09:15', 'Nachtrag zum Versicherungsschein')
  putDocument(book, policyNumber, juergen.partyNumber, 4, 'D02', '2020-06-16 10:30', 'Berichtigung Ihres Beitrags')
  book.put('commissions', {
    policy_number: policyNumber,
    commission_no: 1,
    agent_number: LUEDENSCHEID,
    settlement_year: '2019',
    settled_on: d('2019-01-21'),
    kind: 'BP',
    rate_percent: 600,
    amount: amount(30.76),
    currency: 'EUR',
  })
  for (let year = 2015; year <= 2024; year++) {
    const premium = year < 2019 ? 365.2 : year < 2021 ? 512.6 : 587.9
    // The correction of June 2020 is the seventh.
    const number = year - 2014 + (year > 2020 ? 1 : 0)
    const due = d(`${year}-03-01`)
    putPaidInvoice(book, {
      policy: policyNumber,
      payer: juergen.partyNumber,
      number,
      due,
      to: d(`${year + 1}-03-01`) - 1,
      kind: 'F',
      premium,
      iban: juergen.iban,
    })
  }
  putPaidInvoice(book, {
    policy: policyNumber,
    payer: juergen.partyNumber,
    number: 7,
    due: d('2020-07-06'),
    from: d('2019-07-01'),
    to: d('2020-02-29'),
    kind: 'N',
    premium: 50.2,
    iban: juergen.iban,
  })
}

function writeMotorClaim(book: AnchorBook): void {
  const { claimNumber } = motorClaim
  const [assessor, lawyer, workshop] = [providerNumber(0), providerNumber(20), providerNumber(40)]
  book.party({
    number: fatma.partyNumber,
    family: 'Şahin',
    given: 'Fatma',
    salutation: '2',
    born: d(fatma.birthDate),
    addresses: [{ street: 'Körnerstraße', houseNumber: '44', postalCode: '58095', city: 'Hagen', from: '2019-02-13' }],
  })
  book.party({
    number: thomas.partyNumber,
    family: 'Krüger',
    given: 'Thomas',
    salutation: '1',
    addresses: [
      { street: 'Elberfelder Straße', houseNumber: '7', postalCode: '58095', city: 'Hagen', from: '2019-02-15' },
    ],
  })
  book.put('claims', {
    claim_number: claimNumber,
    policy_number: motorPolicy.policyNumber,
    legal_entity: '10',
    line_of_business: '11',
    coverage_kind: 'KH',
    cause: 'K01',
    status: motorClaim.status,
    loss_date: d(motorClaim.lossDate),
    reported_on: d(motorClaim.reportedOn),
    closed_on: d(motorClaim.closedOn),
    loss_place: 'Hagen',
    description: 'Auffahrunfall an der Ampel Körnerstraße; VN fuhr auf das wartende Fahrzeug auf. Glatteis.',
    vehicle_no: 3,
    fraud_suspected: false,
    total_paid: amount(6432.18),
    total_reserved: 0,
    currency: 'EUR',
    handler: 'SB0042',
  })
  const party = (number: number, partyNumber: string, role: string, more: Record<string, string> = {}) =>
    book.put('claim_parties', {
      claim_number: claimNumber,
      claim_party_no: number,
      party_number: partyNumber,
      role,
      ...more,
    })
  party(1, fatma.partyNumber, 'AS', {
    injury: 'HWS-Distorsion',
    statement: 'Ich stand schon an der Ampel, da knallte es.',
    lawyer: "Kanzlei D'Amico – Verkehrsrecht",
  })
  party(2, thomas.partyNumber, 'ZE', { statement: 'Die Ampel war rot, der Wagen hinten rutschte einfach weiter.' })
  party(3, assessor, 'SV')
  party(4, lawyer, 'RA')
  party(5, workshop, 'WE')
  putEvents(book, claimNumber, [
    ['2019-02-13 09:12', 'M01'],
    ['2019-02-14 10:05', 'M02', 'Kostenvoranschlag und Fotos erbeten'],
    ['2019-02-20 14:31', 'M04'],
    ['2019-03-04 08:47', 'M03'],
    ['2019-03-11 16:20', 'M13', "Frau Şahin vertreten durch Kanzlei D'Amico"],
    ['2019-03-18 11:00', 'M05', 'Wiederbeschaffungswert 9.800 EUR, Reparatur lohnt'],
    ['2019-03-20 11:15', 'M06'],
    ['2019-03-25 07:30', 'M08', 'Vorschuss Schmerzensgeld'],
    ['2019-04-30 07:30', 'M08'],
    ['2019-05-03 13:02', 'M14', 'Werkstatt: Geld nicht angekommen, IBAN falsch erfasst'],
    ['2019-05-06 07:30', 'M08'],
    ['2019-08-26 07:30', 'M08'],
    ['2019-08-30 15:45', 'M11'],
  ])
  putReserves(book, claimNumber, 'EUR', [
    ['2019-02-13', 8000],
    ['2019-03-20', 12_000],
    ['2019-08-30', 0],
  ])
  putPayments(book, claimNumber, 'EUR', [
    { payee: fatma.partyNumber, onDay: '2019-03-25', amount: 2000, kind: 'A' },
    { payee: workshop, onDay: '2019-04-30', amount: 3112.18, status: 'S' },
    { payee: workshop, onDay: '2019-05-06', amount: 3112.18 },
    { payee: fatma.partyNumber, onDay: '2019-08-26', amount: 1320 },
  ])
  putLetters(book, claimNumber, [
    {
      party: juergen.partyNumber,
      onDay: '2019-02-13',
      direction: 'E',
      kind: 'S1',
      subject: 'Unfall vom 11. Februar',
      text: 'Sehr geehrte Damen und Herren,\nam Montag bin ich in Hagen auf ein "stehendes" Auto gerutscht.\nMit freundlichen Grüßen\nJ. Müller-Lüdenscheidt',
    },
    {
      party: juergen.partyNumber,
      onDay: '2019-02-14',
      direction: 'A',
      kind: 'S2',
      subject: `Schaden ${claimNumber}`,
      text: 'Wir benötigen noch den Kostenvoranschlag und ein Foto des Schadens.',
    },
    {
      party: thomas.partyNumber,
      onDay: '2019-02-25',
      direction: 'E',
      kind: 'S3',
      subject: 'Zeugenaussage',
      text: 'Hiermit bestätige ich, dass ich den Unfall gesehen habe.',
    },
    {
      party: lawyer,
      onDay: '2019-03-11',
      direction: 'E',
      kind: 'S6',
      subject: 'Şahin ./. Müller-Lüdenscheidt',
      text: 'In der Sache zeige ich an, dass ich die Interessen der Geschädigten vertrete.',
    },
    {
      party: fatma.partyNumber,
      onDay: '2019-03-29',
      direction: 'E',
      kind: 'S7',
      subject: 'Ärztlicher Bericht',
      text: 'Zustand nach Distorsion der Halswirbelsäule, arbeitsunfähig vom 11.02. bis 08.03.2019.',
    },
    {
      party: juergen.partyNumber,
      onDay: '2019-08-30',
      direction: 'A',
      kind: 'S5',
      subject: `Schaden ${claimNumber}`,
      text: 'Der Schaden ist abgeschlossen. Ihre Schadenfreiheitsklasse ändert sich ab 2020.',
    },
  ])
}
