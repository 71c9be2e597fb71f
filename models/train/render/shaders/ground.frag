in vec3 at;
uniform sampler2D paint;
uniform float side;
out vec4 picture;

float hash(vec2 p) { return fract(sin(dot(p, vec2(12.9898, 78.233))) * 43758.5453); }
float noise(vec2 p) {
    vec2 i = floor(p), f = smoothstep(0.0, 1.0, fract(p));
    return mix(mix(hash(i), hash(i + vec2(1, 0)), f.x), mix(hash(i + vec2(0, 1)), hash(i + vec2(1, 1)), f.x), f.y);
}

void main() {
    vec2 uv = at.xy / side + 0.5;
    vec3 base = pow(texture(paint, clamp(uv, 0.002, 0.998)).rgb, vec3(2.2));
    float d = distance(eye, at);
    base *= 1.0 + (hash(floor(at.xy * 45.0)) - 0.5) * 0.22 * clamp(1.0 - d / 30.0, 0.0, 1.0);
    vec3 n = vec3(0.0, 0.0, 1.0), v = normalize(eye - at);
    float bright = lit(at, sun.z);
    vec3 light = sun_colour * sun.z * bright + sky_colour + lamp_light(at, n);
    vec3 colour = base * light * mix(1.0, 0.55, wet);
    if (wet > 0.0) {
        float rim = pow(1.0 - clamp(v.z, 0.0, 1.0), 4.0);
        float puddle = smoothstep(0.35, 0.7, noise(at.xy * 0.35) * 0.6 + noise(at.xy * 1.3) * 0.4);
        colour += mix(haze, zenith, 0.3) * wet * (0.10 + 0.8 * rim) * (0.4 + 0.6 * puddle) * mix(0.6, 1.0, bright);
    }
    picture = vec4(through_air(colour, at), 1.0);
}
