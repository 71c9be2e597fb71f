//! Whether a model was made for the footage that it is used on.

use wayside_inference::manifest::{Model, ModelFootage};
use wayside_site::Site;
use wayside_site::model::Footage;

/// How model and footage go together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fitness {
    /// Why the result must not be relied on; none where the model was made for such footage.
    pub warning: Option<String>,
}

impl Fitness {
    /// Judges a model on a camera's footage, as manifest and site file state both. A model that saw
    /// real roads may be used on a simulation, which shows it easier pictures; not the other way
    /// round.
    pub fn of(model: &Model, site: &Site, camera: &str) -> Self {
        let fits = match (model.footage, site.file().footage_of(camera)) {
            (ModelFootage::Simulated, footage) => footage == Footage::Simulated,
            (ModelFootage::Real, _) => true,
        };
        Self { warning: (!fits).then(|| warning(&model.name, camera)) }
    }

    /// Whether the model was made for such footage.
    pub fn fits(&self) -> bool {
        self.warning.is_none()
    }
}

fn warning(model: &str, camera: &str) -> String {
    format!(
        "the model {model} was trained on renderings only, and the site file does not say that \
         camera {camera} shows a simulation: on a real road it misses vehicles, reports some that \
         are not there, and leaves people unblurred. Choose a model for real roads with --model; \
         where the footage is a rendering, set `footage = \"simulated\"` in the site file"
    )
}

/// What footage a model was made for, in words.
pub fn made_for(model: &Model) -> &'static str {
    match model.footage {
        ModelFootage::Real => "real roads",
        ModelFootage::Simulated => "simulations",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wayside_inference::manifest::Manifest;

    #[test]
    fn only_a_model_of_renderings_on_a_real_road_does_not_fit() {
        let manifest = include_str!("../../../../models/manifest.toml");
        let text = include_str!("../../../../examples/junction/site.toml");
        let silent = text.replacen("footage = \"simulated\"\n", "", 1);
        let own = silent.replacen(
            "id = \"north\"\nsource",
            "id = \"north\"\nfootage = \"simulated\"\nsource",
            1,
        );
        assert!(silent != text && own != silent);
        let warning = |footage: ModelFootage, site: &str| {
            let manifest = Manifest::parse("manifest.toml", manifest).expect("sound");
            let mut model = manifest.model("yolox-nano").expect("the model").clone();
            model.footage = footage;
            let site = Site::parse("site.toml", site).expect("sound");
            Fitness::of(&model, &site, "north").warning
        };
        for site in [text, silent.as_str(), own.as_str()] {
            assert_eq!(warning(ModelFootage::Real, site), None);
        }
        assert_eq!(warning(ModelFootage::Simulated, text), None);
        assert_eq!(warning(ModelFootage::Simulated, &own), None);
        let told = warning(ModelFootage::Simulated, &silent).expect("a warning");
        insta::assert_snapshot!(told, @r#"the model yolox-nano was trained on renderings only, and the site file does not say that camera north shows a simulation: on a real road it misses vehicles, reports some that are not there, and leaves people unblurred. Choose a model for real roads with --model; where the footage is a rendering, set `footage = "simulated"` in the site file"#);
    }
}
