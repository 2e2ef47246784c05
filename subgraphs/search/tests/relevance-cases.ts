/** What a person types, what must come first (in this order), what must be found besides, and what must not. */
export interface RelevanceCase {
  query: string;
  first: readonly string[];
  among?: readonly string[];
  without?: readonly string[];
}

export const relevanceCases: readonly RelevanceCase[] = [
  { query: 'headlamp', first: ['headlamp'] },
  { query: 'running shoe', first: [], among: ['shoe-road', 'shoe-trail', 'shoe-race'], without: ['shorts-run', 'sandal'] },
  { query: 'running shoes', first: [], among: ['shoe-road', 'shoe-trail'], without: ['shorts-run'] },
  { query: 'trail running shoes', first: ['shoe-trail'] },
  { query: 't-shirt', first: [], among: ['tee-classic', 'tee-striped', 'tee-logo'], without: ['shirt-linen'] },
  { query: 'tshirt', first: [], among: ['tee-classic', 'tee-striped', 'tee-logo'], without: ['shirt-linen'] },
  { query: 't-shirts', first: [], among: ['tee-classic', 'tee-striped', 'tee-logo'] },
  { query: 'wifi router', first: ['router'] },
  { query: 'wi-fi', first: ['router'] },
  { query: 'usb c cable', first: ['cable-usb'] },
  { query: 'headphones', first: [], among: ['phones-over', 'phones-studio', 'phones-kids'] },
  { query: 'headphone', first: [], among: ['phones-over', 'phones-studio', 'phones-kids'] },
  { query: 'hedphones', first: [], among: ['phones-over', 'phones-studio', 'phones-kids'] },
  { query: 'wirless headfones', first: ['phones-over'] },
  { query: 'shrit', first: [], among: ['shirt-linen', 'shirt-oxford', 'shirt-flannel'] },
  { query: 'jaket', first: [], among: ['jacket-rain', 'jacket-down'] },
  { query: 'espreso machin', first: ['espresso'] },
  { query: 'head', first: [], among: ['headlamp', 'phones-over', 'phones-studio', 'phones-kids'] },
  { query: 'wireless ear', first: ['earbuds'] },
  { query: 'cafe creme', first: ['beans'] },
  { query: 'CAFÉ CRÈME', first: ['beans'] },
  { query: 'rostwerk', first: ['beans'] },
  { query: 'alesund', first: [], among: ['speaker-shelf', 'turntable'] },
  { query: 'scharfer sohne', first: [], among: ['knife-chef', 'knife-bread', 'knife-set'] },
  { query: 'chefs knife', first: ['knife-chef'] },
  { query: 'knives', first: [], among: ['knife-set', 'knife-chef', 'knife-bread'] },
  { query: 'lenses', first: ['lens'], among: ['camera'] },
  { query: 'womens coat', first: ['coat-wool'] },
  { query: 'wool', first: [], among: ['coat-wool', 'sweater-wool', 'mouse-pad'] },
  { query: 'waterproof boots', first: ['boot-hiking'] },
  { query: 'sonorix', first: [], among: ['phones-over', 'phones-studio', 'earbuds', 'speaker', 'microphone'], without: ['phones-kids'] },
  { query: 'sonorix speaker', first: ['speaker'] },
  { query: 'red dress', first: ['dress-summer'], without: ['dress-evening'] },
  { query: 'dresses', first: [], among: ['dress-summer', 'dress-evening'] },
  { query: 'boots', first: [], among: ['boot-hiking', 'boot-chelsea', 'boot-winter'], without: ['speaker-shelf'] },
  { query: 'jacket for the rain', first: ['jacket-rain'], without: ['jacket-down'] },
  { query: '27 monitor', first: ['monitor'] },
  { query: '4k', first: ['monitor'] },
  { query: 'laptop zzyzx', first: [], among: ['laptop-13', 'laptop-16'] },
  { query: 'SKU-teapot', first: ['teapot'] },
  { query: 'sku-TENT', first: ['tent'] },
  { query: 'speaker', first: [], among: ['speaker', 'speaker-shelf'] },
  { query: 'coffee grinder', first: ['grinder'] },
  { query: 'hot tea bottle', first: ['bottle'] },
];
