/** Make, model, kW, list price in whole currency units, first and last year of sale. Makers are invented. */
export const vehicles: readonly [VehicleModel, ...VehicleModel[]] = [
  { make: 'Falkner', model: 'Kadenz 1.3', power: 40, price: 9_800, from: 1980, to: 1993 },
  { make: 'Falkner', model: 'Kadenz 1.6', power: 55, price: 12_900, from: 1986, to: 2003 },
  { make: 'Falkner', model: 'Horizont Kombi', power: 85, price: 21_400, from: 1990, to: 2012 },
  { make: 'Brinkmann', model: 'B 200', power: 100, price: 27_900, from: 1985, to: 2006 },
  { make: 'Brinkmann', model: 'B 320 d', power: 150, price: 48_700, from: 1998, to: 2024 },
  { make: 'Reuß', model: 'Stadtflitzer', power: 33, price: 8_400, from: 1983, to: 2015 },
  { make: 'Reuß', model: 'Stadtflitzer E', power: 60, price: 24_600, from: 2013, to: 2024 },
  { make: 'Céléste', model: 'Mésange', power: 50, price: 10_900, from: 1988, to: 2019 },
  { make: 'Céléste', model: 'Grand Pavois', power: 110, price: 31_800, from: 2001, to: 2024 },
  { make: 'Torino', model: 'Piccola', power: 44, price: 9_990, from: 1984, to: 2010 },
  { make: 'Hamada', model: 'Sora Hybrid', power: 90, price: 28_300, from: 2004, to: 2024 },
  { make: 'Falkner', model: 'Volta', power: 150, price: 39_900, from: 2018, to: 2024 },
]

/** Vans and lorries of fleets. */
export const lorries: readonly [VehicleModel, ...VehicleModel[]] = [
  { make: 'Falkner', model: 'Transporter L2', power: 75, price: 28_500, from: 1985, to: 2024 },
  { make: 'Brinkmann', model: 'Actor 18.30', power: 220, price: 89_000, from: 1985, to: 2024 },
  { make: 'Hällström', model: 'FH 40', power: 310, price: 118_000, from: 1985, to: 2024 },
]

export interface VehicleModel {
  make: string
  model: string
  power: number
  price: number
  from: number
  to: number
}
