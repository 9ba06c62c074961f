uniform sampler2D first_skin, second_skin, scalp_map;
uniform float skin_mix;
uniform vec3 tint;
uniform vec3 hair_colour;
uniform float scalp;      // how dark hair roots colour the scalp
uniform float stubble;    // how dark a beard's roots colour the skin
uniform int goatee;       // whether the beard is one
uniform vec3 lip_colour;
uniform float lipstick, blush, freckles;
uniform float wrinkles;   // 0..1
uniform float oil;        // 0..1
uniform float seed;
uniform vec3 mole_1, mole_2;  // u, v, radius; radius 0: none

float hash(vec2 p) {
    p = fract(p * vec2(123.34, 456.21));
    p += dot(p, p + 45.32);
    return fract(p.x * p.y);
}

float freckle(vec2 p) {
    vec2 cell = floor(p);
    float size = hash(cell + seed);
    vec2 place = vec2(hash(cell + 3.1 + seed), hash(cell + 9.7 + seed)) * .6 + .2;
    float spot = smoothstep(.34, .08, length(fract(p) - place) * (.7 + size));
    return spot * step(1. - .45 * freckles, size) * freckles;
}

float mole(vec3 m) {
    return m.z > 0. ? smoothstep(m.z, m.z * .55, length(Uv - m.xy)) : 0.;
}

void main() {
    vec3 v = normalize(eye - World), n = normalize(Normal);
    vec3 painted = mix(texture(first_skin, Uv).rgb, texture(second_skin, Uv).rgb, skin_mix);
    float light = luminance(painted);
    vec3 albedo = linear(painted) * tint;
    albedo = max(mix(vec3(luminance(albedo)), albedo, 1.13), vec3(.002));

    float lips = Marks.x, cheeks = Marks.w;
    float roots = noise(Uv * 420.).x;
    float hair = texture(scalp_map, Uv).g;
    // A ragged hairline: where hair thins out, the noise decides.
    float rooted = clamp(hair * scalp * (.75 + .5 * roots), 0., 1.);
    albedo = mix(albedo, hair_colour * (.25 + .5 * roots), rooted);
    float beard = goatee == 1 ? Marks.z : Marks.y;
    float bristles = clamp(beard * stubble * (.55 + .9 * noise(Uv * 900.).y), 0., .92);
    albedo = mix(albedo, hair_colour * .45, bristles);
    if (freckles > 0.) albedo *= 1. - freckle(Uv * 260.) * vec3(.28, .42, .5) * (1. - lips);
    albedo = mix(albedo, albedo * vec3(1.12, .72, .70), blush * cheeks);
    albedo *= 1. - .72 * max(mole(mole_1), mole(mole_2));
    albedo = mix(albedo, lip_colour * (.45 + .9 * light), lipstick * lips);

    n = bumped(n, light, mix(.015, .06, wrinkles));
    float roughness = mix(.47, .34, lips * max(lipstick, .35)) + .03;
    float specular = mix(1., 1.5, oil) * (1. - .8 * hair * scalp) * (1. - .5 * bristles);
    float open = Visible;
    vec3 c = shaded(n, v, albedo, vec3(.42, .20, .13), roughness, .028, lit(.004), open, specular);
    Colour = vec4(developed(c), 1.);
}
