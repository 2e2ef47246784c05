/** Drawings on 400 × 400; `$m`, `$d` and `$l` stand for the main, a darker and a lighter colour. */
export const wear = {
  dress:
    '<path fill="$m" d="M160 70q40 26 80 0l12 70-14 46 62 144q-100 26-200 0l62-144-14-46z"/><path fill="$d" d="M160 180h80l3 14h-86z"/><path stroke="$l" stroke-width="4" fill="none" d="M200 200v136M170 204l-34 130M230 204l34 130"/>',
  skirt:
    '<path fill="$m" d="M140 90h120l52 220q-112 30-224 0z"/><path fill="$d" d="M138 82h124v26H138z"/><path stroke="$l" stroke-width="4" fill="none" d="M168 110l-26 206M200 110v214M232 110l26 206"/>',
  shirt:
    '<path fill="$m" d="M150 80l50 24 50-24 70 50-30 60-30-18v158H140V172l-30 18-30-60z"/><path fill="$d" d="M150 80l50 24-22 30zM250 80l-50 24 22 30z"/><g fill="$l"><circle cx="200" cy="150" r="5"/><circle cx="200" cy="190" r="5"/><circle cx="200" cy="230" r="5"/><circle cx="200" cy="270" r="5"/></g>',
  tshirt:
    '<path fill="$m" d="M150 90q50 40 100 0l74 46-34 62-34-18v140H144V180l-34 18-34-62z"/><path fill="none" stroke="$d" stroke-width="9" d="M150 90q50 44 100 0"/><path fill="$l" d="M216 180h34v38h-34z"/>',
  jumper:
    '<path fill="$m" d="M150 84q50 30 100 0l62 40 34 176-44 10-36-130v136H134V180L98 310l-44-10 34-176z"/><path fill="$d" d="M134 296h132v22H134zM150 84q50 30 100 0l4 18q-54 30-108 0z"/><path stroke="$l" stroke-width="6" fill="none" d="M134 200l16-14 17 14 17-14 16 14 17-14 17 14 16-14 16 14M134 232l16-14 17 14 17-14 16 14 17-14 17 14 16-14 16 14"/>',
  trousers:
    '<path fill="$m" d="M134 70h132l22 264h-68l-20-178-20 178h-68z"/><path fill="$d" d="M132 66h136v26H132z"/><path stroke="$l" stroke-width="4" fill="none" d="M146 100q4 26 30 30M254 100q-4 26-30 30M200 92v60"/>',
  coat: '<path fill="$m" d="M150 66l50 18 50-18 58 44 30 150-42 10-24-86v152H128V184l-24 86-42-10 30-150z"/><path fill="$d" d="M150 66l50 70 50-70 14 12-64 100-64-100z"/><path stroke="$d" stroke-width="5" d="M200 178v158"/><g fill="$l"><circle cx="184" cy="210" r="6"/><circle cx="184" cy="250" r="6"/><circle cx="184" cy="290" r="6"/></g>',
  scarf:
    '<path fill="$m" d="M120 90q80 60 160 0l24 44q-50 42-84 46l8 144h-60l-8-146q-40-8-64-44z"/><path fill="$d" d="M168 250h58l1 18h-58zM169 282h59l1 18h-59z"/><path stroke="$l" stroke-width="5" d="M170 326v18M184 326v18M198 326v18M212 326v18M226 326v18"/>',
  hat: '<path fill="$m" d="M116 220q-6-120 84-120t84 120z"/><path fill="$d" d="M96 214h208q20 0 20 24t-20 24H96q-20 0-20-24t20-24z"/><circle cx="200" cy="92" r="20" fill="$l"/>',
  bag: '<path fill="none" stroke="$d" stroke-width="14" d="M146 168q0-84 54-84t54 84"/><path fill="$m" d="M98 160h204l22 154q2 16-14 16H90q-16 0-14-16z"/><path fill="$d" d="M98 160h204l5 36H93z"/><circle cx="200" cy="200" r="12" fill="$l"/>',
  sock: '<path fill="$m" d="M160 66h84v130l-4 40q-4 22-26 36l-64 50q-34 22-58-4t8-52l60-56z"/><path fill="$d" d="M156 60h92v34h-92z"/><path fill="$l" d="M96 268q20 10 34 46-24 10-40-6t6-40z"/>',
  sneaker:
    '<path fill="$m" d="M76 250l16-90q40 26 66-12 60 66 148 72 28 8 26 44H76z"/><path fill="$l" d="M70 254h264q6 34-24 34H94q-26 0-24-34z"/><path stroke="$d" stroke-width="7" d="M170 170l28-14M190 188l28-16M212 204l26-18"/>',
  boot: '<path fill="$m" d="M136 70h94v140q10 16 60 24 44 8 42 58H136z"/><path fill="$d" d="M130 290h206v28h-44v-10H188v10h-58z"/><path fill="$l" d="M136 70h94v20h-94z"/><path stroke="$d" stroke-width="6" d="M200 130h30M200 156h30M204 182h28"/>',
  sandal:
    '<path fill="$d" d="M70 276q130-18 262-6 6 30-30 30H96q-26 0-26-24z"/><path fill="none" stroke="$m" stroke-width="22" d="M110 276q6-90 92-96M200 274q2-62 100-44"/><circle cx="202" cy="180" r="9" fill="$l"/>',
  shoe: '<path fill="$m" d="M80 256l10-92q30 8 62-6 50 60 146 70 36 8 34 40H80z"/><path fill="$d" d="M76 262h258v20H136v18H80z"/><path stroke="$l" stroke-width="5" fill="none" d="M152 160q-10 30 10 50M176 186l22-12M196 202l20-14"/>',
} as const;
