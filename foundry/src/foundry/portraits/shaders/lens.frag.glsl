uniform vec3 tint;
uniform float darkness;  // 0 clear glass, near 1 sunglasses

void main() {
    vec3 v = normalize(eye - World), n = normalize(Normal);
    if (dot(n, v) < 0.) n = -n;
    vec3 r = reflect(-v, n);
    float mirror = .03 + .97 * fifth(1. - max(dot(n, v), 0.));
    vec3 c = ambient(r) * mirror;
    c += key_colour * smoothstep(.93, .98, dot(r, key)) * .25 + tint * darkness;
    Colour = vec4(developed(c), clamp(mirror + .05 + darkness * (.91), 0., 1.));
}
