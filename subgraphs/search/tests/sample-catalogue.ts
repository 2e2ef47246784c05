import type { IndexedProduct } from '../src/product-index.js';

const CATEGORIES: Record<string, { name: string; parent: string | null }> = {
  clothing: { name: 'Clothing', parent: null },
  tops: { name: 'Tops', parent: 'clothing' },
  trousers: { name: 'Trousers', parent: 'clothing' },
  outerwear: { name: 'Outerwear', parent: 'clothing' },
  shoes: { name: 'Shoes', parent: null },
  'running-shoes': { name: 'Running Shoes', parent: 'shoes' },
  boots: { name: 'Boots', parent: 'shoes' },
  electronics: { name: 'Electronics', parent: null },
  audio: { name: 'Audio', parent: 'electronics' },
  computers: { name: 'Computers', parent: 'electronics' },
  kitchen: { name: 'Kitchen', parent: null },
  coffee: { name: 'Coffee & Tea', parent: 'kitchen' },
  knives: { name: 'Knives', parent: 'kitchen' },
  outdoor: { name: 'Outdoor', parent: null },
};

/** id | name | brand | category | price in cents | values of Colour | values of Size | description */
const ROWS = `
tee-classic|Classic T-Shirt|Northwind|tops|1900|Red,Blue,Black|S,M,L|Soft organic cotton for every day.
tee-striped|Striped T-Shirt|Maribel|tops|2400|Blue,White|S,M|Breton stripes.
tee-logo|Logo T-Shirt|Trailhead|tops|2900|Black|M,L|Printed by hand.
shirt-linen|Linen Shirt|Maribel|tops|5900|White|S,M,L|Airy in summer heat.
shirt-oxford|Oxford Shirt|Northwind|tops|4900|Blue|M,L|Button-down collar.
shirt-flannel|Flannel Shirt|Trailhead|tops|5400|Red|M,L,XL|Checked, brushed and warm.
hoodie|Zip Hoodie|Northwind|tops|4500|Grey,Black|S,M,L|With two pockets.
sweater-wool|Merino Wool Sweater|Maribel|tops|8900|Grey|S,M,L|Fine knit that does not scratch.
dress-summer|Summer Dress|Maribel|clothing|7900|Red,White|S,M|Light and floral.
dress-evening|Evening Dress|Maribel|clothing|15900|Black|S,M|Long, with an open back.
jeans-slim|Slim Jeans|Denimworks|trousers|6900|Blue,Black|S,M,L|Stretch denim.
jeans-wide|Wide Leg Jeans|Denimworks|trousers|7900|Blue|S,M|High waist.
chinos|Cotton Chinos|Northwind|trousers|5500|Beige|M,L|Straight cut.
shorts-run|Running Shorts|Swiftly|trousers|3500|Black|S,M,L|With an inner brief.
leggings|Yoga Leggings|Swiftly|trousers|4200|Black,Grey|S,M|Four-way stretch.
jacket-rain|Rain Jacket|Trailhead|outerwear|12900|Yellow,Blue|S,M,L|Waterproof to 20,000 mm, with taped seams.
jacket-down|Down Jacket|Trailhead|outerwear|19900|Black,Red|M,L|Warm at minus ten degrees.
coat-wool|Women’s Wool Coat|Maribel|outerwear|24900|Beige|S,M|Double-breasted.
scarf|Cashmere Scarf|Maribel|outerwear|6900|Grey,Red||Woven in Scotland.
gloves|Leather Gloves|Northwind|outerwear|5900|Black|M,L|Touch screen fingertips.
shoe-road|Road Running Shoe|Swiftly|running-shoes|11900|White,Blue|40,41,42|Cushioned for long distances.
shoe-trail|Trail Running Shoe|Swiftly|running-shoes|13900|Black|41,42,43|Grip in mud.
shoe-race|Carbon Racing Shoe|Swiftly|running-shoes|24900|Red|42,43|A plate of carbon.
shoe-tennis|Tennis Shoe|Acelo|shoes|9900|White|40,41|For clay courts.
shoe-sneaker|Canvas Sneaker|Acelo|shoes|5900|White,Red|40,41,42|Vulcanised sole.
sandal|Leather Sandal|Maribel|shoes|7900|Brown|38,39|Cork footbed.
boot-hiking|Hiking Boot|Trailhead|boots|17900|Brown|41,42,43|Waterproof membrane.
boot-chelsea|Chelsea Boot|Northwind|boots|14900|Black,Brown|40,41|Elastic sides.
boot-winter|Insulated Winter Boot|Trailhead|boots|16900|Black|41,42|Warm lining.
slippers|Felt Slippers|Northwind|shoes|3900|Grey|38,40,42|For the house.
phones-over|Wireless Headphones|Sonorix|audio|14900|Black,White||Over-ear, noise cancelling.
phones-studio|Studio Headphones|Sonorix|audio|19900|Black||Closed back, coiled cable.
phones-kids|Kids’ Headphones|Bubble|audio|2900|Blue,Red||Limited to 85 dB.
earbuds|Wireless Earbuds|Sonorix|audio|9900|White||Charging case included.
speaker|Bluetooth Speaker|Sonorix|audio|7900|Black,Red||Splash proof, for the garden.
speaker-shelf|Bookshelf Speakers|Ålesund Audio|audio|39900|Brown||A pair in walnut.
turntable|Belt Drive Turntable|Ålesund Audio|audio|29900|Black||With a moving magnet cartridge.
microphone|USB Microphone|Sonorix|audio|8900|Black||For podcasts.
laptop-13|Ultralight Laptop 13|Kiteware|computers|99900|Grey||Weighs 990 g.
laptop-16|Creator Laptop 16|Kiteware|computers|189900|Black||Calibrated display.
keyboard|Mechanical Keyboard|Kiteware|computers|11900|Black||Hot-swappable switches.
mouse|Wireless Mouse|Kiteware|computers|3900|Black,White||Silent buttons.
mouse-pad|Felt Mouse Pad|Northwind|computers|1900|Grey||Wool felt.
monitor|27" 4K Monitor|Kiteware|computers|34900|Black||IPS panel.
cable-usb|USB-C Cable|Kiteware|computers|1200|White,Black||Two metres.
router|Wi-Fi 7 Router|Kiteware|computers|22900|White||Covers a whole house.
lens|Portrait Lens 50 mm|Optar|electronics|44900|Black||Aperture f/1.4.
camera|Mirrorless Camera|Optar|electronics|119900|Black||Takes interchangeable lenses.
tripod|Travel Tripod|Optar|electronics|12900|Black||Aluminium legs.
espresso|Espresso Machine|Baristo|coffee|49900|Black,Red||Steam wand for milk.
grinder|Coffee Grinder|Baristo|coffee|12900|Black||Conical burrs.
beans|Café Crème Coffee Beans|Röstwerk|coffee|1490|||Medium roast, 1 kg.
teapot|Glass Teapot|Baristo|coffee|3500|||With a strainer.
kettle|Gooseneck Kettle|Baristo|coffee|6900|Black||Holds a temperature.
mug|Enamel Mug|Trailhead|coffee|1500|Blue,White||For the camp fire.
knife-chef|Chef’s Knife|Schärfer & Söhne|knives|8900|||Forged steel, 20 cm.
knife-bread|Bread Knife|Schärfer & Söhne|knives|6900|||Serrated.
knife-set|Steak Knives, Set of 6|Schärfer & Söhne|knives|11900|||Olive wood handles.
tent|Two Person Tent|Trailhead|outdoor|29900|Green||Packs small.
bottle|Thermos Bottle|Trailhead|outdoor|3200|Green,Black||Keeps tea hot for a day.
backpack|Hiking Backpack 40 L|Trailhead|outdoor|13900|Green,Grey||With a rain cover.
headlamp|Rechargeable Headlamp|Trailhead|outdoor|4900|Black||Lights 90 m.
`;

/** Some sixty products of a department store, all published at version 1; the later in the list, the newer. */
export const sampleCatalogue: readonly IndexedProduct[] = ROWS.trim().split('\n').map(productOfRow);

function productOfRow(row: string, place: number): IndexedProduct {
  const [id = '', name = '', brand = '', category = '', price = '', colours = '', sizes = '', description = ''] = row.split('|');
  const options = [option('Colour', colours), option('Size', sizes)].filter(({ values }) => values.length > 0);
  return {
    id,
    slug: id,
    name,
    brand,
    description,
    options,
    status: 'PUBLISHED',
    version: 1,
    categories: withAncestors(category),
    attributes: colours === '' ? [{ name: 'Made in', value: 'Germany' }] : [],
    variants: [{ sku: `SKU-${id}`, price: { amountMinor: Number(price), currency: 'EUR' } }],
    createdAt: new Date(Date.UTC(2025, 0, 1 + place)),
    updatedAt: new Date(Date.UTC(2025, 0, 1 + place)),
  };
}

function option(name: string, values: string): { name: string; values: string[] } {
  return { name, values: values.split(',').filter((value) => value !== '') };
}

function withAncestors(slug: string): { slug: string; name: string }[] {
  const category = CATEGORIES[slug];
  if (category === undefined) throw new Error(`No such category: ${slug}`);
  return [{ slug, name: category.name }, ...(category.parent === null ? [] : withAncestors(category.parent))];
}
