#version 330
in vec2 position;
uniform mat4 view;
out vec3 at;
void main() {
    at = vec3(position, 0.0);
    gl_Position = view * vec4(at, 1.0);
}
