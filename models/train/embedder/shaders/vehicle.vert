#version 330
// A mesh at a place: scaled, turned about z, moved.
in vec3 position;
in vec3 normal;
in vec3 colour;
in float material;
uniform mat4 view;
uniform vec2 turn;   // cosine and sine of the heading
uniform vec3 place;  // metres
uniform vec3 scale;
uniform vec3 body;   // width, length, height of the body before scaling, metres
out vec3 world_position;
out vec3 world_normal;
out vec3 share;      // where on the body: x and y from -0.5 to 0.5, z from 0 to 1
out vec3 base;
flat out float kind;

vec3 turned(vec3 v) { return vec3(turn.x * v.x - turn.y * v.y, turn.y * v.x + turn.x * v.y, v.z); }

void main() {
    world_position = turned(position * scale) + place;
    world_normal = turned(normal / scale);
    share = position / body;
    base = colour;
    kind = material;
    gl_Position = view * vec4(world_position, 1.0);
}
