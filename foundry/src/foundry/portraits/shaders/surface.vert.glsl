in vec3 position, normal;
in vec2 uv;
in float occlusion, head_weight;
in vec4 marks;

uniform mat4 view, light_view;
uniform float shell;  // height of this shell of fur over the skin, dm

out vec3 World, Normal, Rest, Shade;
out vec2 Uv;
out float Visible;
out vec4 Marks;

void main() {
    // Fur is shorter towards the hairline.
    float grown = shell > 0. ? smoothstep(.0, .85, marks.w) : 0.;
    mat3 head = head_rotation(head_weight);
    World = posed(position + normal * (shell * grown), head);
    Normal = torso * (head * normal);
    Rest = position;
    Uv = uv;
    Visible = pow(occlusion, 1.15);
    Marks = marks;
    Shade = (light_view * vec4(World + Normal * .012, 1.)).xyz * .5 + .5;
    gl_Position = view * vec4(World, 1.);
}
