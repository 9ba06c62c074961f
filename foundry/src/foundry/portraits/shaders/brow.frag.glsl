uniform sampler2D colour_map;
uniform vec3 hair_colour;
uniform float strength;

void main() {
    float alpha = min(texture(colour_map, Uv).a * strength * 1.35, 1.);
    if (alpha < .03) discard;
    vec3 n = normalize(Normal);
    vec3 light = ambient(n) * Visible + fill_colour * .5;
    light += key_colour * max(dot(n, key) * .7 + .3, 0.) * lit(.02);
    Colour = vec4(developed(hair_colour * .55 * light), alpha);
}
