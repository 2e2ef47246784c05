/** Tags inside of a word or sentence part no words; all others do. */
const inlineTag = /<\/?(?:a|b|em|i|strong)(?:\s[^<>]*)?>/gi;
const otherTag = /<\/?[a-z][a-z0-9]*(?:\s[^<>]*)?\/?>/gi;
const entity = /&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#x[\da-f]{1,6});/gi;

/** The words of a description that may hold simple HTML, as imports bring it: without tags, attributes and entities. For indexing only. */
export function plainText(description: string): string {
  if (!/[<&]/.test(description)) return description;
  return description.replace(inlineTag, '').replace(otherTag, ' ').replace(entity, ' ');
}
