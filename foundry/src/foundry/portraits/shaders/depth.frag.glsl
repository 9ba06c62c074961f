in vec2 Uv;
in vec3 Rest;
in float Mask;

uniform sampler2D colour_map;
uniform int cutout;  // 0 solid, 1 by the texture's alpha, 2 by the mask of fur

void main() {
    if (cutout == 1 && (texture(colour_map, Uv).a < .5 || trimmed(Rest, .12))) discard;
    if (cutout == 2 && Mask < .5) discard;
}
