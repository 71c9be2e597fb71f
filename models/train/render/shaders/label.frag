#version 330
flat in int kind;
uniform vec2 number;   // low and high byte of the body's number, 0 to 1
out vec4 picture;
void main() { picture = vec4(number, kind == 5 ? 1.0 : 0.0, 1.0); }
