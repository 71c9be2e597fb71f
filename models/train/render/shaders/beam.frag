#version 330
in vec2 screen;
uniform float strength;
out vec4 picture;
void main() {
    // Samples at the edge of a triangle lie a little outside of it.
    float a = max(1.0 - screen.x * screen.x, 0.0) * pow(clamp(1.0 - screen.y, 0.0, 1.0), 1.3) * smoothstep(0.0, 0.12, screen.y);
    picture = vec4(vec3(1.0, 0.93, 0.78) * a * strength, 1.0);
}
