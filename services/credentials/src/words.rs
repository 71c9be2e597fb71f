//! A report in sentences.

use crate::{Integrity, Report};

impl Report {
    /// What the credentials say, one sentence each, for people.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        match self.integrity {
            Integrity::Absent => return vec!["The file has no content credentials.".to_owned()],
            Integrity::Broken => {
                let mut words = vec!["The content credentials do not hold.".to_owned()];
                words.extend(self.problems.iter().map(|problem| {
                    let end = if problem.explanation.is_empty() { "" } else { ": " };
                    format!("{}{end}{}.", problem.code, problem.explanation.trim_end_matches('.'))
                }));
                return words;
            }
            Integrity::Holds => {}
        }
        let mut words = vec![
            "The content credentials hold: no byte has changed since they were signed.".to_owned(),
        ];
        if let Some(signed) = &self.signed {
            let issuer = if signed.trusted {
                "an authority that is trusted here vouches for the signer"
            } else {
                "no authority that is known here vouches for the signer"
            };
            words.push(format!("Signed by {}, {}; {issuer}.", signed.name, signed.organisation));
        }
        if let Some(stated) = &self.stated {
            words.push(format!(
                "Part {} of violation {} ({}), camera {} at {}, captured at {}.",
                stated.part,
                stated.violation,
                stated.rule,
                stated.camera,
                stated.site,
                stated.captured_at
            ));
            words.push(
                if stated.redaction_applied {
                    "People, faces and other vehicles are said to be hidden."
                } else {
                    "Nothing is said to be hidden."
                }
                .to_owned(),
            );
        }
        words
    }
}
