in vec3 position, normal;
in vec2 uv;
in float occlusion, head_weight;
in vec4 marks;

uniform mat4 view, light_view;
uniform float shell;  // height of this shell of fur over the skin, dm

uniform vec3 combed_turn;  // the turning of head and torso in which fur has its strands
uniform mat3 combed_torso;

out vec3 World, Normal, Rest, Shade, Combed;
out vec2 Uv;
out float Visible;
out vec4 Marks;

void main() {
    // Fur is shorter towards the hairline.
    float grown = shell > 0. ? smoothstep(.0, .85, marks.w) : 0.;
    mat3 head = head_rotation(head_weight);
    World = posed(position + normal * (shell * grown), head, head_weight);
    Normal = torso * (head * normal);
    Combed = combed_torso * (rotation(combed_turn * head_weight) * normal);
    Rest = position;
    Uv = uv;
    Visible = pow(occlusion, 1.15);
    Marks = marks;
    Shade = (light_view * vec4(World + Normal * .012, 1.)).xyz * .5 + .5;
    gl_Position = view * vec4(World, 1.);
}
