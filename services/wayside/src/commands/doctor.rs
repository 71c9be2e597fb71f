//! `wayside doctor`: what this machine has, and how to mend what is missing.

use std::fmt::Write;

use serde::Serialize;
use wayside_capture::probe_elements;
use wayside_inference::manifest::Manifest;
use wayside_inference::{Detector, DetectorOptions, InferenceError, Runtime};

use crate::cli::DoctorArgs;
use crate::failure::{Exit, Failure};
use crate::models;

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    part: &'static str,
    name: String,
    ok: bool,
    /// Whether Wayside cannot do its main job without it.
    required: bool,
    detail: String,
    mend: Option<String>,
}

/// Looks, prints, and fails where something is missing that the main job needs.
pub fn run(args: &DoctorArgs) -> Result<Option<Exit>, Failure> {
    let mut findings = gstreamer();
    runtime_and_models(args, &mut findings)?;
    let well = findings.iter().all(|finding| finding.ok || !finding.required);
    if args.json {
        println!("{}", serde_json::json!({ "ok": well, "findings": findings }));
    } else {
        print!("{}", text(&findings, well));
    }
    Ok((!well).then_some(Exit::Failed))
}

fn gstreamer() -> Vec<Finding> {
    probe_elements()
        .into_iter()
        .map(|element| Finding {
            part: "GStreamer",
            name: element.name.to_owned(),
            ok: element.found,
            required: element.required,
            detail: element.purpose.to_owned(),
            mend: (!element.found).then(|| format!("apt-get install {}", element.package_debian)),
        })
        .collect()
}

fn runtime_and_models(args: &DoctorArgs, findings: &mut Vec<Finding>) -> Result<(), Failure> {
    let runtime = match Runtime::load(args.models.onnxruntime.as_deref()) {
        Ok(runtime) => {
            findings.push(Finding {
                part: "ONNX Runtime",
                name: "library".to_owned(),
                ok: true,
                required: true,
                detail: format!("{} at {}", runtime.version(), runtime.path().display()),
                mend: None,
            });
            Some(runtime)
        }
        Err(error) => {
            findings.push(Finding {
                part: "ONNX Runtime",
                name: "library".to_owned(),
                ok: false,
                required: true,
                detail: problem(&error),
                mend: Some(error.hint().map_or_else(
                    || "scripts/setup.sh, or set WAYSIDE_ONNXRUNTIME to the library".to_owned(),
                    str::to_owned,
                )),
            });
            None
        }
    };
    for status in runtime.iter().flat_map(Runtime::providers) {
        let (ok, detail) = match &status.opened {
            Ok(()) => (true, "a session was opened on it and ran".to_owned()),
            Err(cause) => (false, cause.clone()),
        };
        findings.push(Finding {
            part: "Execution provider",
            name: status.provider.as_str().to_owned(),
            ok,
            required: status.provider.as_str() == "cpu",
            detail,
            mend: None,
        });
    }
    let manifest = Manifest::embedded().map_err(Failure::failed)?;
    let store = models::store(args.models.models_dir.as_deref());
    for model in manifest.models() {
        let (ok, detail, mend) = match store.present(model) {
            None => (
                false,
                "not here yet; the first replay downloads it".to_owned(),
                Some(format!("put {} into the folder named by WAYSIDE_MODELS", model.file)),
            ),
            Some(file) => {
                let opened = store.verify(model, &file).and_then(|()| match &runtime {
                    Some(runtime) => {
                        Detector::open(runtime, model, &file, DetectorOptions::default()).map(drop)
                    }
                    None => Ok(()),
                });
                match opened {
                    Ok(()) => (true, format!("{file}, checksum right, opened"), None),
                    Err(error) => (false, problem(&error), error.hint().map(str::to_owned)),
                }
            }
        };
        let required = model.name == args.models.model;
        findings.push(Finding {
            part: "Model",
            name: model.name.clone(),
            ok,
            required,
            detail,
            mend,
        });
    }
    Ok(())
}

/// What is wrong and its cause; the hint stands apart.
fn problem(error: &InferenceError) -> String {
    error.cause().map_or_else(|| error.to_string(), |cause| format!("{error}\ncause: {cause}"))
}

fn text(findings: &[Finding], well: bool) -> String {
    let mut text = String::new();
    let mut part = "";
    // Writing to a String cannot fail.
    for finding in findings {
        if finding.part != part {
            part = finding.part;
            let _ = writeln!(text, "{part}");
        }
        let mark = match (finding.ok, finding.required) {
            (true, _) => "ok     ",
            (false, true) => "MISSING",
            (false, false) => "absent ",
        };
        let detail = finding.detail.replace('\n', "\n                              ");
        let _ = writeln!(text, "  {mark} {:<19} {detail}", finding.name);
        if let Some(mend) = &finding.mend {
            let _ = writeln!(text, "                              to mend: {mend}");
        }
    }
    let verdict = if well {
        "Everything that the main job needs is here."
    } else {
        "Something that the main job needs is missing."
    };
    let _ = writeln!(text, "{verdict}");
    text
}
