in vec2 Uv;
out vec4 Colour;
uniform sampler2D colour_map;

void main() {
    Colour = vec4(texture(colour_map, Uv).rgb, 1.);
}
