/** Whether `text` can be the address of one person: nothing that begins a second one, or another header of a mail. */
export function isMailAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s@,;:<>()[\]"\\\p{C}]{1,64}@[^\s@,;:<>()[\]"\\\p{C}]{1,255}$/u.test(text);
}
