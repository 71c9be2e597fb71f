//! Just enough of SPDX licence expressions to hold them against a list.
//!
//! Grammar (SPDX 2.3, annex D): `AND` binds closer than `OR`, `WITH` closer still, parentheses group.
//! The old form `MIT/Apache-2.0` means `OR`.

/// Whether an expression can be met with the licences that `allowed` accepts.
pub fn satisfied(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut parser = Parser { words: &words, at: 0, allowed };
    let holds = parser.either();
    holds && parser.at == words.len() && !words.is_empty()
}

struct Parser<'a> {
    words: &'a [&'a str],
    at: usize,
    allowed: &'a dyn Fn(&str) -> bool,
}

impl Parser<'_> {
    fn next(&mut self) -> &str {
        self.at += 1;
        self.words.get(self.at - 1).copied().unwrap_or_default()
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.words.get(self.at) == Some(&word);
        self.at += usize::from(there);
        there
    }

    fn either(&mut self) -> bool {
        let mut holds = self.both();
        while self.take("OR") {
            holds |= self.both();
        }
        holds
    }

    fn both(&mut self) -> bool {
        let mut holds = self.one();
        while self.take("AND") {
            holds &= self.one();
        }
        holds
    }

    fn one(&mut self) -> bool {
        if self.take("(") {
            let holds = self.either();
            return holds & self.take(")");
        }
        let mut licence = self.next().to_owned();
        if self.take("WITH") {
            licence = format!("{licence} WITH {}", self.next());
        }
        (self.allowed)(&licence)
    }
}

#[cfg(test)]
mod tests {
    use super::satisfied;

    fn mit_or_isc(licence: &str) -> bool {
        ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].contains(&licence)
    }

    #[test]
    fn expressions_that_can_be_met() {
        for met in [
            "MIT",
            "MIT OR GPL-3.0-only",
            "Apache-2.0/MIT",
            "ISC AND MIT",
            "(GPL-2.0 OR MIT) AND ISC",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
            "GPL-2.0 OR MIT AND ISC",
        ] {
            assert!(satisfied(met, &mit_or_isc), "{met}");
        }
    }

    #[test]
    fn expressions_that_cannot() {
        for unmet in [
            "",
            "GPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "Apache-2.0",
            "Apache-2.0 WITH",
            "(MIT",
            "MIT)",
            "MIT MIT",
            "MIT OR",
            "(GPL-2.0 OR MIT) AND AGPL-3.0-only",
        ] {
            assert!(!satisfied(unmet, &mit_or_isc), "{unmet}");
        }
    }
}
