// The same turning as skeleton.Pose.apply.
uniform vec3 neck, spine;
uniform vec3 head_turn;  // yaw, pitch, roll in radians
uniform vec3 trail;  // by how much of it hair lags behind
uniform mat3 torso;  // its rotation
uniform float shoulders;  // how far they are raised, dm

mat3 about_x(float a) { float c = cos(a), s = sin(a); return mat3(1, 0, 0, 0, c, s, 0, -s, c); }
mat3 about_y(float a) { float c = cos(a), s = sin(a); return mat3(c, 0, -s, 0, 1, 0, s, 0, c); }
mat3 about_z(float a) { float c = cos(a), s = sin(a); return mat3(c, s, 0, -s, c, 0, 0, 0, 1); }

mat3 rotation(vec3 turn) { return about_y(turn.x) * about_x(-turn.y) * about_z(turn.z); }

mat3 head_rotation(float weight) {
    return rotation(head_turn * weight - trail * (weight * (1. - weight)));
}

vec3 posed(vec3 point, mat3 head, float weight) {
    vec3 turned = torso * (head * (point - neck) + neck - spine) + spine;
    turned.y += shoulders * (1. - weight);
    return turned;
}
