/** Drawings on 400 × 400; `$m`, `$d` and `$l` stand for the main, a darker and a lighter colour. */
export const leisure = {
  tent: '<path fill="$m" d="M200 90l160 220H40z"/><path fill="$d" d="M200 90l62 220H138z"/><path fill="$l" d="M200 150l34 160h-68z"/><path stroke="$d" stroke-width="6" d="M24 314h352"/>',
  sleepingbag:
    '<rect x="130" y="56" width="140" height="288" rx="66" fill="$m"/><ellipse cx="200" cy="116" rx="44" ry="38" fill="$l"/><path stroke="$d" stroke-width="6" fill="none" d="M200 156v176M134 190h132M134 230h132M136 270h128"/>',
  backpack:
    '<path fill="none" stroke="$d" stroke-width="14" d="M164 96q0-44 36-44t36 44"/><path fill="$m" d="M116 150q0-66 84-66t84 66v164q0 22-22 22H138q-22 0-22-22z"/><rect x="144" y="226" width="112" height="84" rx="14" fill="$d"/><path fill="$l" d="M140 160h120v18H140z"/>',
  bottle:
    '<path fill="$d" d="M166 52h68v46h-68z"/><path fill="$m" d="M170 98h60q34 22 34 64v160q0 26-26 26h-76q-26 0-26-26V162q0-42 34-64z"/><path fill="$l" d="M136 196h128v70H136z"/>',
  poles:
    '<g stroke-linecap="round"><path stroke="$m" stroke-width="14" d="M150 70l-30 250M250 70l30 250"/><path stroke="$d" stroke-width="22" d="M150 66l-5 46M250 66l5 46"/><path stroke="$l" stroke-width="10" d="M106 300h36M258 300h36"/></g>',
  bike: '<g fill="none"><circle cx="112" cy="256" r="66" stroke="$d" stroke-width="13"/><circle cx="288" cy="256" r="66" stroke="$d" stroke-width="13"/><path stroke="$m" stroke-width="14" stroke-linejoin="round" d="M112 256l54-106h94l28 106M166 150l42 106 52-106M112 256h96"/><path stroke="$l" stroke-width="12" stroke-linecap="round" d="M146 140h40M260 150l-6-40h34"/></g>',
  helmet:
    '<path fill="$m" d="M70 250q0-140 130-140t130 140q-60 24-130 24T70 250z"/><path fill="$d" d="M120 176q30-44 60-50l-14 64q-30 4-50 20zM200 122q26 2 38 8l4 60q-22-6-46-4zM262 142q36 24 46 60-16-8-40-12z"/><path stroke="$l" stroke-width="9" fill="none" d="M112 270q30 60 88 62t88-62"/>',
  mat: '<path fill="$m" d="M70 250l200-110 70 60-200 110z"/><circle cx="106" cy="282" r="42" fill="$d"/><circle cx="106" cy="282" r="24" fill="$l"/><circle cx="106" cy="282" r="9" fill="$d"/>',
  weight:
    '<path fill="none" stroke="$d" stroke-width="26" d="M158 160q-22-80 42-80t42 80"/><circle cx="200" cy="238" r="94" fill="$m"/><circle cx="200" cy="238" r="46" fill="$l"/>',
  ball: '<circle cx="200" cy="200" r="124" fill="$m"/><path fill="$d" d="M200 150l48 34-18 56h-60l-18-56z"/><path stroke="$l" stroke-width="7" fill="none" d="M200 150V80M248 184l66-24M230 240l42 58M170 240l-42 58M152 184l-66-24"/>',
  book: '<path fill="$d" d="M116 60h176v280H116q-20 0-20-22V82q0-22 20-22z"/><path fill="$m" d="M126 60h176v256H126z"/><path fill="$l" d="M116 316h186v24H116q-12 0-12-12t12-12zM158 110h112v16H158zM158 142h80v10h-80z"/><circle cx="214" cy="230" r="34" fill="$l" opacity=".6"/>',
  blocks:
    '<path fill="$m" d="M76 226h112v112H76z"/><path fill="$d" d="M212 226h112v112H212z"/><path fill="$l" d="M144 102h112v112H144z"/><path fill="$d" d="M172 186l28-60 28 60z"/><circle cx="132" cy="282" r="28" fill="$l"/><path fill="$m" d="M242 256h52v52h-52z"/>',
  car: '<path fill="$m" d="M60 226q0-30 40-36l40-64h110l50 62q42 6 42 42v38H60z"/><path fill="$l" d="M154 142h40v44h-66zM206 142h36l36 44h-72z"/><g fill="$d"><circle cx="126" cy="270" r="36"/><circle cx="278" cy="270" r="36"/></g><g fill="$l"><circle cx="126" cy="270" r="14"/><circle cx="278" cy="270" r="14"/></g>',
  game: '<path fill="$m" d="M70 110h260v190H70z"/><path fill="$l" d="M94 134h54v44H94zM202 134h54v44h-54zM148 178h54v44h-54zM256 178h54v44h-54zM94 222h54v44H94zM202 222h54v44h-54z"/><path fill="$d" d="M236 230q-20-24 0-50t28 0 0 50l20 60h-68z"/>',
  cards:
    '<rect x="96" y="96" width="130" height="190" rx="14" fill="$d" transform="rotate(-14 160 190)"/><rect x="150" y="90" width="130" height="190" rx="14" fill="$l"/><rect x="190" y="100" width="130" height="190" rx="14" fill="$m" transform="rotate(12 255 195)"/><path fill="$l" d="M258 150q34 20 0 84-40-60 0-84z"/>',
  puzzle:
    '<path fill="$m" d="M86 150h74q-18-50 26-52t28 52h76v70q52-18 52 26t-52 28v60H86v-66q46 16 48-22t-48-24z"/><path stroke="$l" stroke-width="6" fill="none" d="M188 150v184M86 246h204"/>',
  teddy:
    '<g fill="$m"><circle cx="140" cy="100" r="34"/><circle cx="260" cy="100" r="34"/><circle cx="200" cy="142" r="76"/><ellipse cx="200" cy="272" rx="86" ry="80"/></g><g fill="$l"><ellipse cx="200" cy="168" rx="34" ry="28"/><ellipse cx="200" cy="280" rx="48" ry="46"/></g><g fill="$d"><circle cx="172" cy="128" r="8"/><circle cx="228" cy="128" r="8"/><ellipse cx="200" cy="158" rx="12" ry="8"/><ellipse cx="130" cy="330" rx="34" ry="24"/><ellipse cx="270" cy="330" rx="34" ry="24"/></g>',
} as const;
