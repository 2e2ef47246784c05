/** Drawings on 400 × 400; `$m`, `$d` and `$l` stand for the main, a darker and a lighter colour. */
export const rooms = {
  pan: '<path fill="$d" d="M258 190h110q12 0 12 12t-12 12H258z"/><ellipse cx="170" cy="204" rx="116" ry="104" fill="$m"/><ellipse cx="170" cy="200" rx="90" ry="80" fill="$d"/><ellipse cx="150" cy="178" rx="40" ry="24" fill="$l" opacity=".35"/>',
  knife:
    '<path fill="$l" d="M196 50q46 60 40 186h-40z"/><path fill="$m" d="M190 236h52v104q0 14-14 14h-24q-14 0-14-14z"/><g fill="$d"><circle cx="216" cy="262" r="6"/><circle cx="216" cy="292" r="6"/><circle cx="216" cy="322" r="6"/></g>',
  utensil:
    '<ellipse cx="200" cy="116" rx="52" ry="62" fill="$m"/><path fill="$d" d="M190 170h20l6 160q0 16-16 16t-16-16z"/><path stroke="$l" stroke-width="6" fill="none" d="M176 82v66M200 76v78M224 82v66"/>',
  plate:
    '<circle cx="200" cy="200" r="134" fill="$m"/><circle cx="200" cy="200" r="96" fill="$l"/><circle cx="200" cy="200" r="96" fill="none" stroke="$d" stroke-width="5"/>',
  mug: '<path fill="none" stroke="$d" stroke-width="22" d="M262 160q66-6 62 48t-70 52"/><path fill="$m" d="M104 120h162v150q0 50-50 50h-62q-50 0-50-50z"/><ellipse cx="185" cy="120" rx="81" ry="18" fill="$l"/>',
  glass:
    '<path fill="$l" d="M126 80h148l-18 236q-2 18-20 18h-72q-18 0-20-18z"/><path fill="$m" d="M134 180h132l-10 132q-2 14-16 14h-80q-14 0-16-14z"/><path stroke="$d" stroke-width="5" opacity=".4" d="M152 110l10 190"/>',
  lamp: '<path fill="$m" d="M148 74h104l52 112H96z"/><path fill="$l" d="M96 186h208v12H96z"/><path fill="$d" d="M192 198h16v112h60v22H132v-22h60z"/>',
  chair:
    '<path fill="$m" d="M124 70q76-20 152 0v128H124z"/><path fill="$l" d="M112 196h176v36H112z"/><path stroke="$d" stroke-width="16" stroke-linecap="round" d="M126 236l-12 104M274 236l12 104M152 236v76M248 236v76"/>',
  table:
    '<path fill="$m" d="M56 148h288q10 0 10 14t-10 14H56q-10 0-10-14t10-14z"/><path stroke="$d" stroke-width="18" stroke-linecap="round" d="M92 180l-18 146M308 180l18 146"/><path fill="$l" d="M110 176h180v18H110z"/>',
  shelf:
    '<path fill="none" stroke="$d" stroke-width="14" d="M98 70h204v264H98zM98 158h204M98 246h204"/><path fill="$m" d="M118 100h20v50h-20zM142 92h18v58h-18zM226 186h56v52h-56zM118 278h72v48h-72z"/><path fill="$l" d="M164 108h22v42h-22zM124 204h64v34h-64z"/>',
  bed: '<path fill="$d" d="M70 120h24v200H70zM306 190h24v130h-24z"/><path fill="$m" d="M94 214h212v70H94z"/><path fill="$l" d="M104 180h74v36h-74z"/><path fill="$d" d="M94 278h212v14H94z"/>',
  towel:
    '<path fill="$d" d="M80 92h240v14H80z"/><path fill="$m" d="M124 100h152v222H124z"/><path fill="$l" d="M124 268h152v12H124zM124 290h152v8H124z"/><path fill="$d" opacity=".2" d="M228 106h48v216h-48z"/>',
  cushion:
    '<path fill="$m" d="M86 96q114 30 228 0-30 104 0 208-114-30-228 0 30-104 0-208z"/><path fill="none" stroke="$l" stroke-width="6" d="M120 130q80 20 160 0-20 70 0 140-80-20-160 0 20-70 0-140z"/><circle cx="200" cy="200" r="12" fill="$d"/>',
  jar: '<path fill="$d" d="M116 120h168v44H116z"/><path fill="$m" d="M106 168h188v98q0 44-44 44H150q-44 0-44-44z"/><path fill="$l" d="M140 206h120v50H140z"/>',
  pump: '<path fill="$d" d="M190 70h20v54h-20zM150 62h70q8 0 8 8v12h-78z"/><path fill="$m" d="M140 124h120q20 0 20 24v166q0 20-20 20H140q-20 0-20-20V148q0-24 20-24z"/><path fill="$l" d="M140 190h120v84H140z"/>',
  dropper:
    '<path fill="$d" d="M182 60q18-22 36 0v60h-36zM166 118h68v30h-68z"/><path fill="$m" d="M156 148h88l14 30v136q0 22-22 22h-72q-22 0-22-22V178z"/><path fill="$l" d="M160 216h80v70h-80z"/>',
  soap: '<rect x="86" y="150" width="228" height="120" rx="54" fill="$m"/><rect x="120" y="178" width="160" height="64" rx="30" fill="none" stroke="$l" stroke-width="8"/><g fill="$l"><circle cx="112" cy="118" r="20"/><circle cx="152" cy="96" r="12"/><circle cx="286" cy="112" r="16"/></g>',
  perfume:
    '<path fill="$d" d="M172 66h56v50h-56zM184 116h32v26h-32z"/><rect x="116" y="142" width="168" height="184" rx="24" fill="$m"/><rect x="140" y="206" width="120" height="96" rx="12" fill="$l" opacity=".7"/>',
  brush:
    '<path fill="$d" d="M190 210h20l8 122q0 16-18 16t-18-16z"/><path fill="$m" d="M140 90q60-50 120 0v90q-60 60-120 0z"/><g stroke="$l" stroke-width="7" stroke-linecap="round"><path d="M166 100v70M188 92v92M212 92v92M234 100v70"/></g>',
  spade:
    '<path fill="$d" d="M190 60h20v150h-20zM164 54h72v18h-72z"/><path fill="$m" d="M146 206h108v74q-20 60-54 72-34-12-54-72z"/><path stroke="$l" stroke-width="6" d="M200 220v106"/>',
  planter:
    '<path fill="$d" d="M196 120q-70-10-76-70 70 0 80 60 10-60 84-66-6 70-80 76v60h-8z"/><path fill="$m" d="M116 200h168l-22 134H138z"/><path fill="$l" d="M106 180h188v30H106z"/>',
  wateringcan:
    '<path fill="$m" d="M120 160h140v150H120z"/><path fill="$d" d="M258 230l70-84 16 14-72 120zM322 126l46 40-14 12-46-40z"/><path fill="none" stroke="$d" stroke-width="16" d="M124 200q-64 0-54 70 6 30 54 24M140 160q10-64 80-58 30 6 30 58"/><path fill="$l" d="M120 160h140v18H120z"/>',
  seeds:
    '<path fill="$m" d="M120 80h160v244H120z"/><path fill="$d" d="M120 80h160v36H120z"/><g fill="$l"><circle cx="200" cy="186" r="22"/><circle cx="176" cy="206" r="18"/><circle cx="224" cy="206" r="18"/></g><path stroke="$d" stroke-width="7" d="M200 214v74M200 262q-26-4-34-26M200 270q26-4 34-26"/>',
  grill:
    '<path fill="$m" d="M84 170h232q0 108-116 108T84 170z"/><path fill="$d" d="M76 156h248v18H76z"/><path stroke="$d" stroke-width="12" stroke-linecap="round" d="M150 274l-30 76M250 274l30 76M200 278v72"/><path stroke="$l" stroke-width="8" stroke-linecap="round" fill="none" d="M150 136q-16-24 0-44t0-42M200 136q-16-24 0-44t0-42M250 136q-16-24 0-44t0-42"/>',
} as const;
