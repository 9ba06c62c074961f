in vec2 position;
out vec2 Uv;

void main() {
    Uv = position * .5 + .5;
    gl_Position = vec4(position, .9999, 1.);
}
