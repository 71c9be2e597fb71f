#version 330
// What headlights throw on the road: a widening quad in front of a vehicle.
in vec2 position;
uniform mat4 view;
uniform vec4 place;   // x, y of the front, cos, sin of the heading
out vec2 screen;
void main() {
    screen = position;
    float sideways = position.x * mix(0.9, 3.6, position.y), ahead = position.y * 17.0;
    vec2 at = place.xy + place.zw * ahead + vec2(place.w, -place.z) * sideways;
    gl_Position = view * vec4(at, 0.03, 1.0);
}
