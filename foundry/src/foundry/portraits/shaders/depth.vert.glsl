in vec3 position, normal;
in vec2 uv;
in float head_weight;
in vec4 marks;

uniform mat4 light_view;
uniform float shell;

out vec2 Uv;
out vec3 Rest;
out float Mask;

void main() {
    mat3 head = head_rotation(head_weight);
    vec3 world = posed(position + normal * (shell * marks.w), head, head_weight);
    Rest = position;
    Uv = uv;
    Mask = marks.w;
    gl_Position = light_view * vec4(world, 1.);
}
