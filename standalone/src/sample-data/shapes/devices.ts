/** Drawings on 400 × 400; `$m`, `$d` and `$l` stand for the main, a darker and a lighter colour. */
export const devices = {
  headphones:
    '<path fill="none" stroke="$d" stroke-width="20" d="M92 230v-24q0-108 108-108t108 108v24"/><rect x="70" y="206" width="58" height="104" rx="26" fill="$m"/><rect x="272" y="206" width="58" height="104" rx="26" fill="$m"/><path stroke="$l" stroke-width="8" d="M128 226v64M272 226v64"/>',
  earbuds:
    '<g fill="$m"><circle cx="140" cy="150" r="44"/><rect x="122" y="160" width="34" height="130" rx="17"/><circle cx="262" cy="150" r="44"/><rect x="246" y="160" width="34" height="130" rx="17"/></g><g fill="$l"><circle cx="140" cy="150" r="18"/><circle cx="262" cy="150" r="18"/></g><path fill="$d" d="M122 262h34v28h-34zM246 262h34v28h-34z"/>',
  speaker:
    '<rect x="112" y="56" width="176" height="288" rx="22" fill="$m"/><circle cx="200" cy="136" r="40" fill="$d"/><circle cx="200" cy="136" r="16" fill="$l"/><circle cx="200" cy="254" r="66" fill="$d"/><circle cx="200" cy="254" r="30" fill="$l"/>',
  phone:
    '<rect x="128" y="50" width="144" height="300" rx="26" fill="$d"/><rect x="138" y="62" width="124" height="276" rx="16" fill="$m"/><path fill="$l" opacity=".5" d="M138 78q0-16 16-16h60L138 220z"/><circle cx="200" cy="78" r="6" fill="$d"/>',
  tablet:
    '<rect x="86" y="60" width="228" height="280" rx="22" fill="$d"/><rect x="102" y="78" width="196" height="244" rx="8" fill="$m"/><path stroke="$l" stroke-width="8" stroke-linecap="round" d="M130 130h140M130 162h140M130 194h110M130 226h126M130 258h90"/>',
  laptop:
    '<rect x="84" y="84" width="232" height="164" rx="14" fill="$d"/><rect x="98" y="98" width="204" height="136" rx="4" fill="$m"/><path fill="$l" d="M48 256h304q-4 36-34 36H82q-30 0-34-36z"/><path fill="$d" d="M166 256h68v10h-68z"/>',
  screen:
    '<rect x="48" y="84" width="304" height="186" rx="14" fill="$d"/><rect x="60" y="96" width="280" height="162" rx="4" fill="$m"/><path fill="$l" opacity=".4" d="M60 96h150L90 258H60z"/><path fill="$d" d="M176 270h48v32h46v18H130v-18h46z"/>',
  keyboard:
    '<rect x="44" y="140" width="312" height="128" rx="18" fill="$m"/><g fill="$l"><path d="M66 160h26v22H66zM102 160h26v22h-26zM138 160h26v22h-26zM174 160h26v22h-26zM210 160h26v22h-26zM246 160h26v22h-26zM282 160h52v22h-52zM66 194h40v22H66zM116 194h26v22h-26zM152 194h26v22h-26zM188 194h26v22h-26zM224 194h26v22h-26zM260 194h74v22h-74z"/></g><path fill="$d" d="M112 228h176v22H112z"/>',
  drive:
    '<rect x="116" y="84" width="168" height="232" rx="24" fill="$m"/><rect x="140" y="110" width="120" height="80" rx="10" fill="$l"/><circle cx="160" cy="280" r="8" fill="$d"/><path fill="$d" d="M176 316h48v22h-48z"/>',
  camera:
    '<path fill="$d" d="M150 110h100l16 34H134z"/><rect x="62" y="140" width="276" height="170" rx="24" fill="$m"/><circle cx="200" cy="226" r="66" fill="$d"/><circle cx="200" cy="226" r="42" fill="$l"/><circle cx="200" cy="226" r="20" fill="$d"/><path fill="$l" d="M284 160h34v18h-34z"/>',
  watch:
    '<path fill="$d" d="M154 50h92l12 90H142zM142 260h116l-12 90h-92z"/><rect x="120" y="120" width="160" height="160" rx="44" fill="$m"/><circle cx="200" cy="200" r="58" fill="$l"/><path stroke="$d" stroke-width="9" stroke-linecap="round" fill="none" d="M200 160v42l28 18"/>',
} as const;
