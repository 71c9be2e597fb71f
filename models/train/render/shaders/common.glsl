// Light that falls on a point, shared by bodies and ground.
uniform vec3 eye, sun, sun_colour, sky_colour, bounce_colour, haze, zenith;
uniform vec2 haze_range;      // where it starts and its scale, metres
uniform float shadow_depth, lamps, wet;
uniform mat4 sun_view;
uniform sampler2DShadow sun_depth;   // compares, and smooths between four texels
uniform vec3 lamp_places[12];
uniform int lamp_count;

float lit(vec3 at, float slope) {
    if (shadow_depth <= 0.0) return 1.0;
    vec4 q = sun_view * vec4(at, 1.0);
    vec3 s = q.xyz / q.w * 0.5 + 0.5;
    if (any(lessThan(s, vec3(0.0))) || any(greaterThan(s, vec3(1.0)))) return 1.0;
    s.z -= mix(0.0025, 0.0006, slope);
    return 1.0 - shadow_depth * (1.0 - texture(sun_depth, s));
}

vec3 lamp_light(vec3 at, vec3 n) {
    vec3 sum = vec3(0.0);
    if (lamps <= 0.0) return sum;
    for (int i = 0; i < lamp_count; i++) {
        vec3 way = lamp_places[i] - at;
        float d2 = dot(way, way);
        sum += max(dot(n, way) * inversesqrt(d2), 0.15) * 26.0 / (d2 + 20.0);
    }
    return sum * lamps * vec3(0.55, 0.46, 0.33);
}

vec3 through_air(vec3 colour, vec3 at) {
    float d = max(distance(eye, at) - haze_range.x, 0.0);
    return mix(haze, colour, exp(-d / haze_range.y));
}
