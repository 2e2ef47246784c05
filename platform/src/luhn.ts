/** Whether the last of these digits is the check digit of the others (ISO/IEC 7812-1, annex B). `digits` holds nothing but 0 to 9. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 1; place <= digits.length; place++) {
    const digit = Number(digits.charAt(digits.length - place));
    const counted = place % 2 === 0 ? digit * 2 : digit;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 === 0;
}
