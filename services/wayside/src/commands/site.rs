//! `wayside site check|schema|regions|draw`.

use std::path::Path;

use wayside_inference::manifest::Manifest;
use wayside_inference::regions::{RegionOptions, Survey, regions_with, survey};
use wayside_picture::PixelRect;
use wayside_site::Site;

use crate::cli::SiteCommand;
use crate::commands::site_picture;
use crate::failure::Failure;
use crate::models;
use crate::replay::inputs;

/// Runs the command.
pub fn run(command: &SiteCommand) -> Result<(), Failure> {
    match command {
        SiteCommand::Check { site, json } => check(site, *json),
        SiteCommand::Schema => {
            print!("{}", wayside_site::schema::json_schema());
            Ok(())
        }
        SiteCommand::Regions { site, camera, model, json, dirs } => {
            let manifest = models::manifest(dirs.models_dir.as_deref())?;
            regions_of(site, camera.as_deref(), &manifest, model.as_deref(), *json)
        }
        SiteCommand::Reference { out, view } => site_picture::reference(view, out),
        SiteCommand::Draw { out, view } => site_picture::draw(view, out),
    }
}

fn check(path: &Path, json: bool) -> Result<(), Failure> {
    let text = inputs::text(path)?;
    let name = path.display().to_string();
    match Site::parse(&name, &text.text) {
        Ok(site) if json => {
            let warnings: Vec<String> = site.warnings().iter().map(ToString::to_string).collect();
            println!("{}", serde_json::json!({ "ok": true, "errors": [], "warnings": warnings }));
            Ok(())
        }
        Ok(site) => {
            print!("{}", describe(&name, &site));
            Ok(())
        }
        Err(errors) => {
            if json {
                let errors: Vec<serde_json::Value> = errors
                    .iter()
                    .map(|error| {
                        serde_json::json!({
                            "file": error.file, "line": error.line, "key": error.key,
                            "problem": error.problem, "hint": error.hint,
                        })
                    })
                    .collect();
                println!(
                    "{}",
                    serde_json::json!({ "ok": false, "errors": errors, "warnings": [] })
                );
            }
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            Err(Failure::input(lines.join("\n")))
        }
    }
}

fn describe(name: &str, site: &Site) -> String {
    let file = site.file();
    let mut text = format!(
        "{name} is sound: {}, {}, {}, {}\n",
        counted(file.cameras.len(), "camera"),
        counted(file.lanes.len(), "lane"),
        counted(file.stop_lines.len(), "stop line"),
        counted(file.signal_groups.len(), "signal group")
    );
    for camera in &file.cameras {
        if let Some(model) = site.camera_model(&camera.id) {
            let [x, y, z] = model.position_m();
            text += &format!(
                "  camera {}: residual {:.1} cm, {z:.1} m above ({x:.1}, {y:.1}), focal length {:.0} px{}\n",
                camera.id,
                model.homography().residual_m() * 100.0,
                model.focal_px(),
                if model.focal_is_assumed() { " (assumed)" } else { "" }
            );
        }
    }
    for warning in site.warnings() {
        text += &format!("  warning: {warning}\n");
    }
    text
}

fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

fn regions_of(
    path: &Path,
    camera: Option<&str>,
    manifest: &Manifest,
    model: Option<&str>,
    json: bool,
) -> Result<(), Failure> {
    let (site, _) = inputs::site(path)?;
    let camera = &inputs::camera(&site, camera)?.id;
    let name = models::name_for(model, site.file().footage_of(camera));
    let model = manifest.model(name).map_err(|error| Failure::input(error.report()))?;
    let (Some(layout), Some((height, width))) = (&model.detection, model.input.size_px()) else {
        return Err(Failure::input(format!(
            "the model {} looks at no regions\n  hint: take a model with task = \"road_users\"",
            model.name
        )));
    };
    let input_px = width.max(height);
    let options = RegionOptions::for_model(input_px, &layout.found_by_height_px);
    let chosen = regions_with(&site, camera, options);
    let survey = survey(&site, camera, &chosen, options)
        .ok_or_else(|| Failure::failed(format!("camera {camera} has no calibration")))?;
    if json {
        println!("{}", regions_json(camera, &model.name, input_px, &survey));
    } else {
        print!("{}", regions_text(camera, &model.name, input_px, &survey));
    }
    Ok(())
}

/// Pixels of the picture, but `scale` is input pixels to each and `car_px` are input pixels.
fn regions_json(camera: &str, model: &str, input_px: u32, survey: &Survey) -> serde_json::Value {
    let regions: Vec<serde_json::Value> = survey
        .regions
        .iter()
        .map(|region| {
            serde_json::json!({
                "x": region.rect.x, "y": region.rect.y,
                "width": region.rect.width, "height": region.rect.height,
                "scale": region.scale, "car_px": region.car_px,
                "road": region.road, "people": region.people,
            })
        })
        .collect();
    serde_json::json!({
        "camera": camera, "model": model, "input_px": input_px, "regions": regions,
        "road": survey.road, "people": survey.people,
    })
}

fn regions_text(camera: &str, model: &str, input_px: u32, survey: &Survey) -> String {
    let count = counted(survey.regions.len(), "region");
    let mut text = format!("camera {camera}, model {model} ({input_px} px): {count}\n");
    for region in &survey.regions {
        let PixelRect { x, y, width, height } = region.rect;
        text += &format!("  {width}x{height} at ({x}, {y}), scale {:.2}", region.scale);
        if let Some([low, high]) = region.car_px {
            text += &format!(", cars {low:.0} to {high:.0} px high in the input");
        }
        text += "\n";
    }
    for (what, share) in [("the road", survey.road), ("the places of people", survey.people)] {
        if let Some(share) = share {
            text += &format!("  {:.0}% of {what} is seen\n", share * 100.0);
        }
    }
    text
}
