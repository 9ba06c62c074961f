uniform vec3 tint;
uniform float roughness;

void main() {
    vec3 v = normalize(eye - World), n = normalize(Normal);
    if (dot(n, v) < 0.) n = -n;
    float open = mix(Visible, 1., .5);
    vec3 c = shaded(n, v, tint, vec3(0.), roughness, .06, lit(.006), open, 1.4);
    Colour = vec4(developed(c), 1.);
}
