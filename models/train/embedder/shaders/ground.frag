#version 330
// Road, markings and verge, with the shadow of everything.
in vec2 place;
uniform sampler2D grain;
uniform sampler2D shadows;
uniform float shadow;
uniform float shadow_soft;
uniform float reach;
uniform vec3 eye;
uniform vec3 light;
uniform vec3 sky_colour;
uniform vec3 fog_colour;
uniform float fog_per_m;
uniform float wet;
uniform vec3 asphalt;
uniform vec3 verge;
uniform vec3 paint;
uniform vec2 edges;      // left and right edge of the road, metres
uniform vec2 lane;       // offset and width of the lanes, metres
uniform vec2 dash;       // length and period of a dash, metres
uniform vec2 shift;      // of the grain
uniform vec2 turn;       // of the road against the vehicle
uniform float rough;
out vec4 pixel;

void main() {
    vec2 p = vec2(turn.x * place.x + turn.y * place.y, turn.x * place.y - turn.y * place.x);
    float fine = texture(grain, p / 1.7 + shift).r - 0.5;
    float coarse = texture(grain, p / 23.0 + shift.yx).r - 0.5;
    bool road = p.x > edges.x && p.x < edges.y;
    vec3 c = road ? asphalt : verge;
    c *= 1.0 + rough * ((road ? 0.5 : 1.2) * fine + 1.1 * coarse);
    float across = mod(p.x - lane.x + 0.5 * lane.y, lane.y) - 0.5 * lane.y;
    bool line = abs(across) < 0.08 && mod(p.y + shift.x * 9.0, dash.y) < dash.x;
    if (road && (line || abs(p.x - edges.x - 0.3) < 0.07 || abs(p.x - edges.y + 0.3) < 0.07)) c = mix(c, paint, 0.8);
    float dark = textureLod(shadows, place / reach * 0.5 + 0.5, shadow_soft).r * shadow;
    vec3 lit = c * light * (1.0 - dark) * (1.0 - 0.4 * wet);
    vec3 v = normalize(eye - vec3(place, 0.0));
    lit += sky_colour * wet * pow(1.0 - v.z, 3.0) * 0.4 * (1.0 - 0.7 * dark);
    float seen = exp(-fog_per_m * distance(eye, vec3(place, 0.0)));
    pixel = vec4(mix(fog_colour, lit, seen), 0.0);
}
