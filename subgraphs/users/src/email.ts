/** The one form in which an e-mail address is stored and compared: without blanks around it, lower case. */
export function normaliseEmail(email: string): string {
  return email.trim().toLowerCase();
}
