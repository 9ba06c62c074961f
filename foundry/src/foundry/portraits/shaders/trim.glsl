uniform float cut_height;  // hair below it is cut off
uniform vec3 brow;         // between the brows: hair in front of it and below is cut off

// Whether hair at this place of the resting head is cut off; ragged, about 0..0.25, frays the ends.
bool trimmed(vec3 rest, float ragged) {
    if (rest.y < cut_height + ragged) return true;
    // No lock hides an eye.
    vec3 off = rest - brow;
    float open = .52 + .35 * ragged - .25 * max(off.y + .2, 0.);
    return off.z > 0. && off.y < .1 * ragged && off.y > -1.1 && abs(off.x) < open;
}
