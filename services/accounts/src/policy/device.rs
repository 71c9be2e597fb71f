//! With what somebody signs in, coarsely: names of two closed lists, read off `User-Agent`. Browsers say of
//! themselves what they like, so this helps people to know their own; nothing is decided by it.

use serde::Serialize;
use utoipa::ToSchema;

/// Characters of a `User-Agent` that are looked at.
const AGENT_CHARS_MAX: usize = 512;

/// A browser, by its own name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub enum BrowserKind {
    /// Chrome, and Chromium.
    Chrome,
    /// Edge.
    Edge,
    /// Firefox.
    Firefox,
    /// Opera.
    Opera,
    /// Safari.
    Safari,
    /// That of Samsung's phones.
    #[serde(rename = "Samsung Internet")]
    SamsungInternet,
}

/// A system, by its own name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub enum SystemKind {
    /// Android.
    Android,
    /// ChromeOS.
    #[serde(rename = "ChromeOS")]
    ChromeOs,
    /// iOS, and iPadOS where it does not call itself macOS.
    #[serde(rename = "iOS")]
    Ios,
    /// Linux.
    Linux,
    /// macOS.
    #[serde(rename = "macOS")]
    MacOs,
    /// Windows.
    Windows,
}

/// Most browsers also say that they are others: the first mark that is found counts.
const BROWSERS: &[(&str, BrowserKind)] = &[
    ("Edg", BrowserKind::Edge),
    ("OPR/", BrowserKind::Opera),
    ("SamsungBrowser/", BrowserKind::SamsungInternet),
    ("Firefox/", BrowserKind::Firefox),
    ("FxiOS/", BrowserKind::Firefox),
    ("Chrome/", BrowserKind::Chrome),
    ("Chromium/", BrowserKind::Chrome),
    ("CriOS/", BrowserKind::Chrome),
    ("Safari/", BrowserKind::Safari),
];

const SYSTEMS: &[(&str, SystemKind)] = &[
    ("Windows", SystemKind::Windows),
    ("Android", SystemKind::Android),
    ("iPhone", SystemKind::Ios),
    ("iPad", SystemKind::Ios),
    ("Mac OS X", SystemKind::MacOs),
    ("CrOS", SystemKind::ChromeOs),
    ("Linux", SystemKind::Linux),
];

impl BrowserKind {
    /// Its name, as it is stored and shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chrome => "Chrome",
            Self::Edge => "Edge",
            Self::Firefox => "Firefox",
            Self::Opera => "Opera",
            Self::Safari => "Safari",
            Self::SamsungInternet => "Samsung Internet",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        BROWSERS.iter().map(|(_, kind)| *kind).find(|kind| kind.as_str() == name)
    }
}

impl SystemKind {
    /// Its name, as it is stored and shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Android => "Android",
            Self::ChromeOs => "ChromeOS",
            Self::Ios => "iOS",
            Self::Linux => "Linux",
            Self::MacOs => "macOS",
            Self::Windows => "Windows",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        SYSTEMS.iter().map(|(_, kind)| *kind).find(|kind| kind.as_str() == name)
    }
}

/// A browser and the system it runs on, each where it is a known one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// The browser.
    pub browser: Option<BrowserKind>,
    /// Its system.
    pub system: Option<SystemKind>,
}

impl Device {
    /// What a `User-Agent` says.
    #[must_use]
    pub fn of_agent(agent: &str) -> Self {
        let end = agent.char_indices().nth(AGENT_CHARS_MAX).map_or(agent.len(), |(end, _)| end);
        let agent = agent.get(..end).unwrap_or_default();
        let browser = BROWSERS.iter().find(|(mark, _)| agent.contains(*mark));
        let system = SYSTEMS.iter().find(|(mark, _)| agent.contains(*mark));
        Self { browser: browser.map(|(_, kind)| *kind), system: system.map(|(_, kind)| *kind) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As browsers of 2025 and 2026 call themselves.
    #[test]
    fn browsers_are_known_by_what_they_say() {
        let mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)";
        let chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0";
        let (safari, webkit) = ("Safari/537.36", "AppleWebKit/605.1.15 (KHTML, like Gecko)");
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)";
        for (agent, browser, system) in [
            (format!("Mozilla/5.0 (X11; Linux x86_64) {chrome} {safari}"), "Chrome", "Linux"),
            (
                format!("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {chrome} {safari}"),
                "Chrome",
                "ChromeOS",
            ),
            (format!("{mac} {chrome} {safari} Edg/140.0.0.0"), "Edge", "macOS"),
            (format!("{mac} {webkit} Version/18.6 Safari/605.1.15"), "Safari", "macOS"),
            (format!("{iphone} {webkit} Version/18.6 Mobile/15E148 Safari/604.1"), "Safari", "iOS"),
            (
                format!("{iphone} {webkit} FxiOS/143.0 Mobile/15E148 Safari/605.1.15"),
                "Firefox",
                "iOS",
            ),
            (
                format!(
                    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) {chrome} {safari} OPR/124.0.0.0"
                ),
                "Opera",
                "Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"
                    .into(),
                "Firefox",
                "Windows",
            ),
            (
                format!("Mozilla/5.0 (Linux; Android 10; K) {chrome} Mobile {safari}"),
                "Chrome",
                "Android",
            ),
        ] {
            let device = Device::of_agent(&agent);
            assert_eq!(device.browser.map(BrowserKind::as_str), Some(browser), "{agent}");
            assert_eq!(device.system.map(SystemKind::as_str), Some(system), "{agent}");
        }
    }

    #[test]
    fn whatever_is_sent_nothing_but_a_known_name_comes_out() {
        for agent in ["", "curl/8.5.0", "<script>alert(1)</script>", "\u{202e}\u{1f692}"] {
            assert_eq!(Device::of_agent(agent), Device::default(), "{agent}");
        }
        // What stands far behind is not looked for, and a bound never cuts a character.
        let far = format!("{} Firefox/143.0", "\u{1f692}".repeat(AGENT_CHARS_MAX));
        assert_eq!(Device::of_agent(&far), Device::default());
    }

    #[test]
    fn names_read_back_and_are_those_of_the_api() {
        for (_, kind) in BROWSERS {
            assert_eq!(BrowserKind::parse(kind.as_str()), Some(*kind));
            assert_eq!(serde_json::to_value(kind).expect("JSON"), kind.as_str());
        }
        for (_, kind) in SYSTEMS {
            assert_eq!(SystemKind::parse(kind.as_str()), Some(*kind));
            assert_eq!(serde_json::to_value(kind).expect("JSON"), kind.as_str());
        }
        assert_eq!((BrowserKind::parse("Lynx"), SystemKind::parse("")), (None, None));
    }
}
