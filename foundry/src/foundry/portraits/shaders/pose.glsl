// The same turning as skeleton.Pose.apply.
uniform vec3 neck, spine;
uniform vec3 head_turn;  // yaw, pitch, roll in radians
uniform mat3 torso;  // its rotation

mat3 about_x(float a) { float c = cos(a), s = sin(a); return mat3(1, 0, 0, 0, c, s, 0, -s, c); }
mat3 about_y(float a) { float c = cos(a), s = sin(a); return mat3(c, 0, -s, 0, 1, 0, s, 0, c); }
mat3 about_z(float a) { float c = cos(a), s = sin(a); return mat3(c, s, 0, -s, c, 0, 0, 0, 1); }

mat3 head_rotation(float weight) {
    vec3 turn = head_turn * weight;
    return about_y(turn.x) * about_x(-turn.y) * about_z(turn.z);
}

vec3 posed(vec3 point, mat3 head) {
    return torso * (head * (point - neck) + neck - spine) + spine;
}
