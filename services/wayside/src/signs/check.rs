//! What each sign can say, without a bus: for whoever writes site files and templates.

use serde_json::json;
use wayside_signs::{SignPlan, Templates};

use super::driving::{site_files, templates};
use crate::commands::signs::SignsArgs;
use crate::failure::Failure;
use crate::sites::Sites;

/// Prints every message of every sign, with its longest figures, and its lamps.
pub(crate) fn check(args: &SignsArgs) -> Result<(), Failure> {
    let templates = templates(args.settings.templates.as_deref())?;
    let sites = Sites::load(&args.site)?;
    let mut any = false;
    for file in site_files(&sites) {
        for plan in SignPlan::of_site(&file.site, &templates).map_err(Failure::input)? {
            any = true;
            sign(&plan, args.json);
        }
    }
    if any {
        return Ok(());
    }
    Err(Failure::input(wayside_dms::DmsError::NoSign))
}

fn sign(plan: &SignPlan, as_json: bool) {
    if !as_json {
        println!("{} ({}), site {}", plan.sign, plan.title, plan.site);
    }
    for sample in plan.samples() {
        if as_json {
            let line = json!({
                "site": plan.site.as_str(),
                "sign": plan.sign.as_str(),
                "message": sample.slot,
                "priority": sample.priority,
                "hold_s": sample.hold_s,
                "lines": sample.lines,
                "multi": sample.multi,
                "pictogram": sample.pictogram.map(|pictogram| pictogram.as_str()),
            });
            println!("{line}");
            continue;
        }
        let drawing = sample.pictogram.map_or("", |pictogram| pictogram.as_str());
        println!(
            "\n  {}: priority {}, {} s, {}\n  {}",
            sample.slot,
            sample.priority,
            sample.hold_s,
            if drawing.is_empty() { "no pictogram" } else { drawing },
            sample.lines.join(" | ")
        );
        let Some(face) = plan.face else { continue };
        println!("  {}", sample.multi);
        // What is built is read; a plan is only made of texts that fit.
        for page in face.render(&sample.multi).unwrap_or_default() {
            let bar = "-".repeat(usize::from(page.width));
            println!("  +{bar}+");
            for row in page.rows() {
                println!("  |{}|", row.replace('.', " "));
            }
            println!("  +{bar}+");
        }
    }
    if !as_json {
        println!();
    }
}

/// Prints the built-in templates.
pub(crate) fn print_templates() {
    for (name, text) in Templates::BUILT_IN {
        println!("# ---- {name}.toml ----\n{text}");
    }
}
