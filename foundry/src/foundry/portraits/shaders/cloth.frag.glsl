uniform sampler2D colour_map, normal_map;
uniform float has_normal_map, mean_tone;
uniform vec3 tint, second_tint;
uniform int pattern;     // 0 plain, 1 striped, 2 plaid, 3 polka-dot, 4 pinstriped
uniform int cut;         // 1: cut from the body, Marks.x is the distance to the hem
uniform int ribbed_hem;  // 1: the hem is a collar with a seam
uniform float knit;      // 0..1 how coarsely knitted
uniform int white_shirt;  // 1: what is painted much lighter than the rest is a white shirt
uniform float folds;     // 0..1
uniform float seed;

// In distance around the body and height, so that patterns turn with it.
float patterned() {
    vec2 q = vec2(atan(Rest.x, Rest.z + 1.2) * 2.2, Rest.y);
    switch (pattern) {
        case 1: return step(.5, fract(q.y * 2.6));
        case 2: return .5 * step(.5, fract(q.y * 1.7)) + .5 * step(.5, fract(q.x * 2.4));
        case 3: return step(length(fract(q * 3.2) - .5), .22);
        case 4: return step(.82, fract(q.x * 5.));
        default: return 0.;
    }
}

vec3 mapped(vec3 n) {
    vec3 a = dFdx(World), b = dFdy(World);
    vec2 s = dFdx(Uv), t = dFdy(Uv);
    vec3 x = cross(b, n), y = cross(n, a);
    vec3 along = x * s.x + y * t.x, across = x * s.y + y * t.y;
    float scale = inversesqrt(max(max(dot(along, along), dot(across, across)), 1e-12));
    vec3 m = texture(normal_map, Uv).rgb * 2. - 1.;
    return normalize(mat3(along * scale, across * scale, n) * vec3(m.xy * .9, max(m.z, .3)));
}

// Knitted ribs, faded out where they are finer than the samples.
float ribs() {
    float turn = abs(Rest.x) > 1.25 ? Rest.y * 1.1 : atan(Rest.x, Rest.z);
    float phase = turn * 75.;
    return sin(phase) * (1. - smoothstep(.9, 2.2, fwidth(phase)));
}

void main() {
    if (cut == 1 && Marks.x < 0.) discard;
    vec4 painted = texture(colour_map, Uv);
    if (painted.a < .4) discard;
    // Painted highlights are held back: bright colours would turn neon.
    float light = luminance(linear(painted.rgb));
    float shade = min(light / mean_tone, 4.);
    vec3 albedo = tint * (shade > 1. ? 1. + (shade - 1.) * .22 : shade);
    if (white_shirt == 1) albedo = mix(albedo, vec3(.72), smoothstep(.40, .55, light));
    if (pattern > 0) {
        float own = luminance(albedo) / max(luminance(tint), .02);
        albedo = mix(albedo, second_tint * own, patterned());
    }
    float weave = noise(Rest.xy * 26.).x * .5 + noise(Rest.yx * vec2(60., 16.)).y * .5;
    albedo *= .93 + .14 * weave;
    if (ribbed_hem == 1) {
        float seam = abs(Marks.x - .10);
        albedo *= .72 + .28 * smoothstep(0., .035, seam);
    }
    vec3 v = normalize(eye - World), n = normalize(Normal);
    if (dot(n, v) < 0.) n = -n;
    if (has_normal_map > .5) n = mapped(n);
    float yarn = knit > 0. ? ribs() * knit : 0.;
    albedo *= 1. + .08 * yarn;
    vec2 drape = vec2(Rest.x * 2.2 + Rest.y * .9, Rest.y * 1.1 - Rest.x * .5) + seed;
    float creases = smooth_noise(drape).z;
    n = bumped(n, weave * .006 + creases * folds * .26 + yarn * .006, 1.);
    vec3 c = shaded(n, v, albedo, vec3(.12), .85, .035, lit(.008), Visible, .7);
    Colour = vec4(developed(c), 1.);
}
