#version 330
in vec2 position;
uniform mat4 view;
out vec2 place;
void main() {
    place = position;
    gl_Position = view * vec4(position, 0.0, 1.0);
}
