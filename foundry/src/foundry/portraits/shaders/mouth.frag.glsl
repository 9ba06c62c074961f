uniform sampler2D colour_map;
uniform vec3 tint;
uniform float depth_shade;  // how much light reaches into the mouth

void main() {
    vec3 v = normalize(eye - World), n = normalize(Normal);
    vec3 albedo = linear(texture(colour_map, Uv).rgb) * tint;
    float shadow = mix(lit(.006), 1., .35) * depth_shade;
    vec3 c = shaded(n, v, albedo, vec3(.5, .42, .4), .3, .04, shadow, depth_shade, .6);
    Colour = vec4(developed(c), 1.);
}
