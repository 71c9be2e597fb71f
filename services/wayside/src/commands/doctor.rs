//! `wayside doctor`: what this machine has, and how to mend what is missing.

use std::fmt::Write;

use serde::Serialize;
use wayside_capture::probe_elements;
use wayside_inference::manifest::{Model, ModelFootage};
use wayside_inference::runtime::Trial;
use wayside_inference::store::Store;
use wayside_inference::{InferenceError, Runtime};

use crate::cli::{DoctorArgs, MODEL_SIMULATED};
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
    let manifest = models::manifest(args.models.models_dir.as_deref())?;
    let store = models::store(args.models.models_dir.as_deref());
    // The one that ships with the program is always needed; others only where they are named.
    let named = args.models.model.as_deref().unwrap_or(MODEL_SIMULATED);
    let looked = manifest.models().iter().map(|model| {
        let required = model.name == named;
        look_at_model(&store, runtime.as_ref(), model, required)
    });
    findings.extend(looked);
    Ok(())
}

fn look_at_model(
    store: &Store,
    runtime: Option<&Runtime>,
    model: &Model,
    required: bool,
) -> Finding {
    let name = &model.name;
    let (ok, mut detail, mend) = match store.present(model) {
        None => {
            let detail =
                if required { "not here yet; the first replay downloads it" } else { "not here" };
            let mend = if model.url.is_empty() {
                format!("put {} into the folder named by WAYSIDE_MODELS", model.file)
            } else {
                format!("`wayside models pull {name}`")
            };
            (false, detail.to_owned(), Some(mend))
        }
        Some(file) => {
            let opened = store.verify(model, &file).and_then(|()| match runtime {
                Some(runtime) => Trial::open(runtime, model, &file).map(drop),
                None => Ok(()),
            });
            let did = if runtime.is_some() { "checksum right, opened" } else { "checksum right" };
            match opened {
                Ok(()) => (true, format!("{file}, {did}"), None),
                Err(error) => (false, problem(&error), error.hint().map(str::to_owned)),
            }
        }
    };
    if required && model.footage == ModelFootage::Simulated {
        detail += "\nmade for renderings: the example runs on it; for real cameras name another with --model";
    }
    Finding { part: "Model", name: name.clone(), ok, required, detail, mend }
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
