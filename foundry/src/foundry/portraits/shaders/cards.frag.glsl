uniform sampler2D colour_map;
uniform float mean_tone;   // of the texture
uniform int solid;         // 1: only what hides all behind it; 0: only the soft edges of locks

const float OPAQUE = .78;

void main() {
    vec4 painted = texture(colour_map, Uv);
    if (trimmed(Rest, .25 * noise(Rest.xz * 9. + seed).x)) discard;
    if (solid == 1 ? painted.a < OPAQUE : (painted.a >= OPAQUE || painted.a < .04)) discard;
    vec3 n = normalize(Normal);
    vec3 v = eye - World;
    // Cards lie at random angles: shade them mostly as the round head below would be.
    n = normalize(mix(dot(n, v) < 0. ? -n : n, normalize(World - head_centre), .45));
    // Some textures have patches of their own shade, which grey hair would show.
    float tone = clamp(dot(painted.rgb, vec3(.35, .5, .15)) / mean_tone, .45, 2.);
    Colour = vec4(developed(strands(n, tone, 1.)), painted.a);
}
