import { installEquipment } from '../install/install.ts'

console.log(await installEquipment((line) => console.log(line)))
