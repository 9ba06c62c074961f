// What hair cards and fur share: how strands of one colour catch light.
uniform vec3 hair_colour;
uniform vec3 head_centre;
uniform float seed;

// tone is how light this strand is beside the others; shine scales its highlights.
vec3 strands(vec3 n, float tone, float shine) {
    vec3 v = normalize(eye - World);
    float open = mix(Visible, 1., .15);
    tone = clamp(tone, .05, 2.6);
    vec3 albedo = hair_colour * (.16 + .36 * tone * tone + .22 * tone);
    float shadow = lit(.010);
    vec3 along = normalize(cross(n, cross(vec3(0, 1, 0) + .25 * n.zxy, n)) + 1e-4);
    float across = dot(along, normalize(v + key));
    float width = sqrt(max(1. - across * across, 0.));
    float highlight = pow(width, 42.) * .20 + pow(width, 9.) * .05;
    across = dot(along, normalize(v + rim));
    float edge = pow(sqrt(max(1. - across * across, 0.)), 20.) * .25;
    vec3 c = albedo * ambient(n) * open * open * 1.1;
    c += albedo * key_colour * wrapped(dot(n, key), vec3(.3)) * shadow;
    c += albedo * fill_colour * wrapped(dot(n, fill), vec3(.3)) * open;
    c += albedo * rim_colour * max(dot(n, rim) + .2, 0.) * open;
    vec3 shining = key_colour * highlight * shadow * max(dot(n, key) + .3, 0.);
    shining += rim_colour * edge * open;
    return c + shining * (.02 + .55 * albedo) * tone * shine;
}
