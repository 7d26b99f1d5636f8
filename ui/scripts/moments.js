// Moments as the controls of forms and people write them, by the clock of the device.

const two = (number) => String(number).padStart(2, "0")

/** The time of day, such as “09:41”. */
export const timeOfDay = (at) => `${two(at.getHours())}:${two(at.getMinutes())}`

/** As a control for a day and a time holds it. */
export const localMoment = (at) =>
  `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${timeOfDay(at)}`
