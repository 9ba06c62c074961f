uniform sampler2D colour_map;
uniform vec3 tint;

void main() {
    vec4 painted = texture(colour_map, Uv);
    if (painted.a < .5) discard;  // the cornea's shell
    vec3 v = normalize(eye - World), n = normalize(Normal);
    float shadow = lit(.006), open = mix(Visible, 1., .30);
    vec3 c = shaded(n, v, linear(painted.rgb) * tint, vec3(.25, .2, .2), .5, .02,
                    mix(shadow, 1., .15), open, .3);
    vec3 r = reflect(-v, n);
    float glint = smoothstep(.955, .975, dot(r, key)) * max(shadow, .35);
    c += key_colour * glint * .9 + fill_colour * smoothstep(.97, .985, dot(r, fill)) * .5;
    Colour = vec4(developed(c + ambient(r) * .04), 1.);
}
