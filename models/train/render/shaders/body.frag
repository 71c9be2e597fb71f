in vec3 at;
in vec3 facing;
in vec3 tint;
flat in int kind;
uniform float braking;
out vec4 picture;

void main() {
    vec3 n = facing / max(length(facing), 1e-6), v = normalize(eye - at);
    if (dot(n, v) < 0.0) n = -n;
    float slope = max(dot(n, sun), 0.0);
    vec3 light = sun_colour * slope * lit(at + n * 0.04, slope) + mix(bounce_colour, sky_colour, 0.5 + 0.5 * n.z);
    light += lamp_light(at, n);
    vec3 colour = tint * light;
    float rim = pow(1.0 - clamp(dot(n, v), 0.0, 1.0), 4.0);
    vec3 mirrored = reflect(-v, n);
    vec3 seen = mix(haze, zenith, clamp(mirrored.z * 1.5, 0.0, 1.0)) * smoothstep(-0.15, 0.25, mirrored.z);
    float gleam = pow(max(dot(mirrored, sun), 0.0), 60.0) * lit(at + n * 0.04, slope);
    if (kind == 1) colour = colour * 0.5 + seen * (0.12 + 0.75 * rim) + sun_colour * gleam;
    else if (kind == 2) colour += seen * (0.05 + 0.5 * rim) + sun_colour * gleam * 0.6;
    else if (kind == 8) colour += seen * (0.15 + 0.4 * rim) + sun_colour * gleam * 0.5;
    else if (kind == 3) colour += vec3(0.9, 0.03, 0.02) * (braking > 0.5 ? 1.0 : 0.25 * min(lamps, 1.0));
    else if (kind == 4) colour += vec3(1.6, 1.5, 1.25) * min(lamps, 1.0);
    else if (kind == 7) colour = tint;
    if (wet > 0.0 && kind != 7) colour += haze * rim * 0.3 * wet;
    picture = vec4(clamp(through_air(colour, at), 0.0, 16.0), 1.0);
}
