in vec3 Combed;
uniform sampler3D volume;  // noise
uniform float shell, fur_length, density, curl;

vec4 cloud(vec3 p) { return texture(volume, p / 64.); }

void main() {
    // Marks hold the place on the neutral mesh, so that strands stay put when people differ.
    float mask = Marks.w;
    if (mask < .03) discard;
    float height = shell / fur_length;
    vec3 place = Marks.xyz * density + seed * 7.3;
    vec3 normal = normalize(Normal);
    vec4 broad = cloud(place * .4);
    vec3 warp = broad.xyz - .5;
    // Curls grow towards all sides, other strands along the normal.
    float all_sides = smoothstep(.7, 1.2, curl);
    vec3 along = normalize(Combed) * shell * density * .8;
    vec3 rising = mix(vec3(0., curl * height * 1.2, 0.), along, all_sides);
    vec3 q = place + warp * curl * (.6 + 2. * height) + rising;
    vec4 lock = cloud(q);
    float fine = cloud(q * 2.6).y;
    float strand = lock.x * .62 + fine * .38;
    float thinning = 1. - smoothstep(.05, .75, mask + .45 * (fine - .5));
    float threshold = mix(.20, .60, height * height) + thinning * .85
        + (broad.w - .5) * .4 * height;
    if (strand < threshold) discard;
    float tone = mix(.55, 1.15, height) * (.5 + 1. * strand);
    vec3 n = normalize(mix(normal, normalize(World - head_centre), .2)
        + clamp(curl, .25, 1.) * 1.1 * (lock.yzw - .5));
    Colour = vec4(developed(strands(n, tone, .2)), 1.);
}
