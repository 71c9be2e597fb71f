#version 330
// A body or the scenery: positions in metres, turned about z and moved.
in vec3 position;
in vec3 normal;
in vec3 colour;
in float material;
uniform mat4 view;
uniform vec4 place;   // x, y, cos, sin of the heading
out vec3 at;
out vec3 facing;
out vec3 tint;
flat out int kind;

vec3 turn(vec3 p) { return vec3(p.x * place.w + p.y * place.z, -p.x * place.z + p.y * place.w, p.z); }

void main() {
    at = turn(position) + vec3(place.xy, 0.0);
    facing = turn(normal);
    tint = colour;
    kind = int(material + 0.5);
    gl_Position = view * vec4(at, 1.0);
}
