#version 330
in vec2 screen;
uniform mat4 unview;
uniform vec3 haze, zenith;
uniform float clouds;
out vec4 picture;

float hash(vec2 p) { return fract(sin(dot(p, vec2(12.9898, 78.233))) * 43758.5453); }
float noise(vec2 p) {
    vec2 i = floor(p), f = fract(p);
    f = f * f * (3.0 - 2.0 * f);
    return mix(mix(hash(i), hash(i + vec2(1, 0)), f.x), mix(hash(i + vec2(0, 1)), hash(i + vec2(1, 1)), f.x), f.y);
}

void main() {
    vec4 far = unview * vec4(screen, 1.0, 1.0), near = unview * vec4(screen, -1.0, 1.0);
    vec3 way = normalize(far.xyz / far.w - near.xyz / near.w);
    float up = max(way.z, 0.0);
    vec3 colour = mix(haze, zenith, pow(clamp(up * 1.9, 0.0, 1.0), 0.6));
    vec2 p = way.xy / (up + 0.12) * 2.2;
    float cover = noise(p) * 0.5 + noise(p * 2.1) * 0.28 + noise(p * 4.3) * 0.14 + noise(p * 9.0) * 0.08;
    colour = mix(colour, haze * 1.15 + 0.05, smoothstep(0.48, 0.8, cover) * clouds * smoothstep(0.0, 0.12, up));
    picture = vec4(colour, 1.0);
}
