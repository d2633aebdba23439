/** The machine lacks something, or a tool refused: the message says what to do. Whoever runs the rehearsal acts. */
export class EquipmentError extends Error {
  override readonly name = 'EquipmentError'
}
