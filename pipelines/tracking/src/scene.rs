//! A camera, lanes and perfect detections for tests.

use wayside_picture::Detection;
use wayside_proto::RoadUserClass;
use wayside_site::geometry::{CameraModel, Homography, Vec2};
use wayside_site::model::Lane;

use crate::cuboid::{Cuboid, Shape, to_box};

/// A camera `height_m` above the origin that looks north and down.
pub(crate) fn camera(height_m: f64) -> CameraModel {
    let (sin, cos) = (0.2_f64, 0.96_f64.sqrt());
    let pixel = |[x, y]: [f64; 2]| {
        let depth = y * cos + height_m * sin;
        [640.0 + 1200.0 * x / depth, 360.0 + 1200.0 * (height_m * cos - y * sin) / depth]
    };
    let ground =
        [[-8.0, 20.0], [9.0, 22.0], [12.0, 70.0], [-15.0, 65.0], [2.0, 35.0], [-4.0, 48.0]];
    let pairs: Vec<_> = ground.iter().map(|&g| (pixel(g), g)).collect();
    let homography = Homography::fit(&pairs).expect("a homography");
    CameraModel::new(homography, 1280, 720, None).expect("a camera above the road")
}

/// A lane northwards at x = 3, one southwards at x = -3.
pub(crate) fn lanes() -> Vec<Lane> {
    let lane = |id: &str, points: [[f64; 2]; 2]| Lane {
        id: id.into(),
        approach: None,
        centreline_m: points.to_vec(),
        width_m: 3.5,
        classes: None,
        hours: Vec::new(),
        exits: None,
    };
    vec![lane("out", [[3.0, 0.0], [3.0, 140.0]]), lane("in", [[-3.0, 140.0], [-3.0, 0.0]])]
}

/// A usual car with its middle at `centre`.
pub(crate) fn car(centre: [f64; 2], heading_rad: f64) -> Cuboid {
    Cuboid {
        centre_m: Vec2::new(centre[0], centre[1]),
        heading_rad,
        length_m: 4.6,
        width_m: 1.85,
        height_m: 1.5,
    }
}

/// What a perfect detector says of it.
pub(crate) fn detect(
    cuboid: &Cuboid,
    class: RoadUserClass,
    camera: &CameraModel,
) -> Option<Detection> {
    let edges = cuboid.edges_in_picture(Shape::of(class), camera)?;
    Some(Detection { class, score: 0.8, box_px: to_box(edges) })
}
