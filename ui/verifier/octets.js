// Octets read from front to back, and what is said where they break the format.

/** Octets that are not what the format says. */
export class Malformed extends Error {
  constructor(offset, what) {
    super(what)
    this.offset = offset
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** Text of octets that must be UTF-8. */
export function textOf(octets) {
  return decoder.decode(octets)
}

const encoder = new TextEncoder()

/** Octets of a text, of an Uint8Array or of a number in so many octets. */
export function octetsOf(text) {
  return encoder.encode(text)
}

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

export function bigEndian(number, length) {
  const octets = new Uint8Array(length)
  for (let at = length - 1, rest = number; at >= 0; at -= 1, rest = Math.floor(rest / 256)) octets[at] = rest % 256
  return octets
}

export function isSame(one, other) {
  return one.length === other.length && one.every((octet, at) => octet === other[at])
}

const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, "0"))

export function hex(octets) {
  let text = ""
  for (const octet of octets) text += HEX[octet]
  return text
}

/** A number in decimal as it is always written: no sign and no leading nought. Null where it is not. */
export function canonicalNumber(text) {
  if (!/^(0|[1-9][0-9]{0,19})$/.test(text)) return null
  const number = BigInt(text)
  return number < 2n ** 64n ? number : null
}

export class Octets {
  constructor(octets) {
    this.octets = octets
    this.at = 0
  }

  get left() {
    return this.octets.length - this.at
  }

  malformed(what) {
    return new Malformed(this.at, what)
  }

  take(length, what) {
    if (this.left < length) throw this.malformed(`it ends within ${what}`)
    this.at += length
    return this.octets.subarray(this.at - length, this.at)
  }

  number(length, what) {
    return this.take(length, what).reduce((number, octet) => number * 256 + octet, 0)
  }

  /** A run with its length before it in four octets. */
  counted(what) {
    return this.take(this.number(4, what), what)
  }

  /** A line, without its end, which must be there. */
  line() {
    const end = this.octets.indexOf(10, this.at)
    if (end < 0 || end - this.at > 4096) throw this.malformed("a line of the heading does not end")
    const line = this.octets.subarray(this.at, end)
    this.at = end + 1
    return line
  }

  expectLine(expected, what) {
    const at = this.at
    if (!isSame(this.line(), octetsOf(expected))) throw new Malformed(at, `${what} should be “${expected}”`)
  }

  end() {
    if (this.left > 0) throw this.malformed(`${this.left} octets are left over at the end`)
  }
}

/** Parts of one length; what is left over is given too. */
export function chunks(octets, length) {
  const parts = []
  for (let at = 0; at + length <= octets.length; at += length) parts.push(octets.subarray(at, at + length))
  return { parts, rest: octets.length % length }
}
