#version 330
in vec2 position;
out vec2 screen;
void main() {
    screen = position;
    gl_Position = vec4(position, 0.9999, 1.0);
}
