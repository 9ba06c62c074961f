in vec3 World, Normal, Rest, Shade;
in vec2 Uv;
in float Visible;  // 0..1, how open the surroundings are
in vec4 Marks;
out vec4 Colour;

uniform vec3 eye;
uniform vec3 key, key_colour, fill, fill_colour, rim, rim_colour;
uniform vec3 above, level, below;  // light from all around
uniform float softness, exposure;
uniform sampler2DShadow shadow_map;
uniform sampler2D noise_map;

const int TAPS = 5;
const vec2 DISC[TAPS] = vec2[](
    vec2(.0, .0), vec2(.62, .38), vec2(-.36, .74), vec2(-.78, -.42), vec2(.30, -.86));

vec3 linear(vec3 c) { return pow(c, vec3(2.2)); }

vec4 noise(vec2 p) { return texture(noise_map, p / 64.); }

// Without the facets that plain bilinear filtering has; for slow changes only.
vec4 smooth_noise(vec2 p) {
    vec2 f = fract(p);
    return textureLod(noise_map, (floor(p) + f * f * (3. - 2. * f) + .5) / 64., 0.);
}

float luminance(vec3 c) { return dot(c, vec3(.3, .6, .1)); }

// Share of the key light that arrives. Neighbouring samples turn the disc by different angles: with
// supersampling their mean is smooth, and nothing looks like grain.
float lit(float bias) {
    if (any(lessThan(Shade.xy, vec2(0.))) || any(greaterThan(Shade.xy, vec2(1.)))) return 1.;
    ivec2 cell = ivec2(gl_FragCoord.xy) & 1;
    float angle = float(cell.x * 2 + cell.y) * .785;
    mat2 turn = mat2(cos(angle), sin(angle), -sin(angle), cos(angle)) * softness;
    float sum = 0.;
    for (int i = 0; i < TAPS; i++)
        sum += texture(shadow_map, vec3(Shade.xy + turn * DISC[i], Shade.z - bias));
    return sum / float(TAPS);
}

// A film-like curve, slightly more saturated than per-channel tone mapping.
vec3 developed(vec3 c) {
    c *= exposure;
    float l = dot(c, vec3(.3, .59, .11));
    vec3 whole = c * (1. + l * .20) / (1. + l * .50);
    vec3 single = c * (1. + c * .20) / (1. + c * .50);
    c = mix(whole, single, .40);
    float grey = dot(c, vec3(.3, .59, .11));
    c = max(mix(vec3(grey), c, 1.06), vec3(0.));
    return pow(clamp(c, 0., 1.), vec3(1. / 2.2));
}

vec3 ambient(vec3 n) {
    float y = n.y * .5 + .5;
    return y > .5 ? mix(level, above, (y - .5) * 2.) : mix(below, level, y * 2.);
}

float fifth(float x) { return x * x * x * x * x; }

float fresnel(float f0, float cosine) { return f0 + (1. - f0) * fifth(1. - cosine); }

// Specular reflection (GGX) of a light from direction l.
float gloss(vec3 n, vec3 v, vec3 l, float roughness, float f0) {
    vec3 h = normalize(v + l);
    float nh = max(dot(n, h), 0.), nl = max(dot(n, l), 0.);
    float nv = max(dot(n, v), 1e-3), vh = max(dot(v, h), 0.);
    float a2 = roughness * roughness * roughness * roughness;
    float d = nh * nh * (a2 - 1.) + 1.;
    float spread = a2 / (3.1416 * d * d);
    float k = (roughness + 1.) * (roughness + 1.) / 8.;
    float masking = nl / (nl * (1. - k) + k) * (nv / (nv * (1. - k) + k));
    return spread * masking * fresnel(f0, vh) / (4. * nv + 1e-4);
}

// Diffuse light that bleeds past the terminator by w per channel, as in skin.
vec3 wrapped(float nl, vec3 w) { return max((vec3(nl) + w) / (1. + w), 0.) / (1. + .35 * w); }

// A dielectric surface under all lights. shadow and open are shares of light in 0..1.
vec3 shaded(vec3 n, vec3 v, vec3 albedo, vec3 wrap, float roughness, float f0, float shadow,
            float open, float specular) {
    vec3 bleeding = mix(vec3(open), vec3(1.), vec3(.25, .06, .03) * (wrap.r * 1.5) * (1. - open));
    vec3 c = albedo * ambient(n) * bleeding;
    vec3 soft = wrap.r > .15 ? vec3(mix(shadow, sqrt(shadow), .8), shadow, shadow) : vec3(shadow);
    c += albedo * key_colour * wrapped(dot(n, key), wrap) * soft;
    c += albedo * fill_colour * wrapped(dot(n, fill), wrap) * mix(.35, 1., open);
    c += specular * key_colour * gloss(n, v, key, roughness, f0) * shadow * 3.14;
    c += specular * fill_colour * gloss(n, v, fill, roughness, f0) * open * 3.14;
    float nr = max(dot(n, rim), 0.);
    c += albedo * rim_colour * nr * open;
    c += specular * rim_colour * gloss(n, v, rim, roughness, f0) * open * 2.;
    float edge = f0 + (max(1. - roughness, f0) - f0) * fifth(1. - max(dot(n, v), 0.));
    return c + ambient(reflect(-v, n)) * open * specular * edge * .8;
}

// The normal tilted by a height known only through its screen-space derivatives.
vec3 bumped(vec3 n, float height, float strength) {
    vec3 a = dFdx(World), b = dFdy(World);
    vec3 r1 = cross(b, n), r2 = cross(n, a);
    float area = dot(a, r1);
    vec3 slope = sign(area) * (dFdx(height) * r1 + dFdy(height) * r2);
    return normalize(abs(area) * n - strength * slope);
}
