#version 330
in vec3 world_position;
in vec3 world_normal;
in vec3 share;
in vec3 base;
flat in float kind;
uniform vec3 eye;
uniform vec3 sun;
uniform vec3 sun_colour;
uniform vec3 sky_colour;
uniform vec3 ground_colour;
uniform vec3 fog_colour;
uniform float fog_per_m;
uniform float lamps;
uniform float braking;
uniform float dirt;
uniform float target;         // 1 on the vehicle that the crop is of: goes to alpha
uniform vec3 patch_low[4];
uniform vec3 patch_high[4];
uniform vec3 patch_colour[4];
out vec4 pixel;

void main() {
    vec3 n = normalize(world_normal);
    vec3 v = normalize(eye - world_position);
    if (dot(n, v) < 0.0) n = -n;
    vec3 c = base;
    bool painted = kind < 0.5 || (kind > 1.5 && kind < 2.5);
    if (painted)
        for (int i = 0; i < 4; i++)
            if (all(greaterThan(share, patch_low[i])) && all(lessThan(share, patch_high[i]))) c = patch_colour[i];
    float low = clamp(1.0 - share.z * 2.2, 0.0, 1.0);
    c = mix(c, vec3(0.16, 0.13, 0.10), dirt * (0.15 + 0.75 * low));
    float facing = max(dot(n, sun), 0.0);
    vec3 around = mix(ground_colour, sky_colour, 0.5 + 0.5 * n.z);
    vec3 light = c * (around + sun_colour * facing);
    vec3 mirror = reflect(-v, n);
    vec3 mirrored = mix(ground_colour * 0.6, sky_colour, smoothstep(-0.15, 0.25, mirror.z));
    float glance = pow(1.0 - max(dot(n, v), 0.0), 4.0);
    float spot = max(dot(mirror, sun), 0.0);
    if (kind > 0.5 && kind < 1.5) light = light * 0.6 + mirrored * (0.10 + 0.6 * glance) + sun_colour * pow(spot, 200.0) * 2.0;
    if (kind > 1.5 && kind < 2.5)
        light += (1.0 - 0.6 * dirt) * (mirrored * (0.03 + 0.35 * glance) + sun_colour * pow(spot, 60.0) * 0.6);
    if (kind > 7.5) light = light * 0.5 + mirrored * 0.45 * max(base, vec3(0.3)) + sun_colour * pow(spot, 40.0) * 0.5;
    if (kind > 2.5 && kind < 3.5) light += vec3(0.9, 0.03, 0.02) * max(braking, lamps * 0.5);
    if (kind > 3.5 && kind < 4.5) light += vec3(1.3, 1.2, 1.0) * lamps * smoothstep(-0.1, 0.5, dot(n, v));
    if (kind > 6.5 && kind < 7.5) light = base;
    float seen = exp(-fog_per_m * distance(eye, world_position));
    pixel = vec4(mix(fog_colour, light, seen), target);
}
