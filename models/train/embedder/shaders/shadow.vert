#version 330
// The shadow of a mesh on the ground, seen from above: `reach` metres around `middle`.
in vec3 position;
uniform vec2 turn;
uniform vec3 place;
uniform vec3 scale;
uniform vec3 sun;
uniform float reach;

void main() {
    vec3 p = position * scale;
    p = vec3(turn.x * p.x - turn.y * p.y, turn.y * p.x + turn.x * p.y, p.z) + place;
    gl_Position = vec4((p.xy - sun.xy / sun.z * p.z) / reach, 0.0, 1.0);
}
